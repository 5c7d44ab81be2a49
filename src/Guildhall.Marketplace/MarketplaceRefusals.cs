using Guildhall.Foundation;

namespace Guildhall.Marketplace;

/// <summary>Every expected "no" of this module.</summary>
public static class MarketplaceRefusals
{
    public static readonly Refusal ServiceNotFound = new("service_not_found", 404, "There is no such service. It may have been taken off the marketplace.");
    public static readonly Refusal ProviderNotFound = new("provider_not_found", 404, "There is no such provider.");
    public static readonly Refusal NotAProvider = new("not_a_provider", 403, "Only providers have a desk. Your account has no provider profile.");
    public static readonly Refusal AlreadyAProvider = new("already_a_provider", 409, "This account has a provider profile already. Its desk is open.");
    public static readonly Refusal ApplicationOpen = new("application_open", 409, "Your application is being looked at. Withdraw it to send another.");
    public static readonly Refusal ApplicationNotFound = new("application_not_found", 404, "There is no application here that you may see.");
    public static readonly Refusal ApplicationDecided = new("application_decided", 409, "This application was decided or withdrawn already; look at its state.");
    public static readonly Refusal OwnApplication = new("own_application", 403, "Nobody decides on an application of their own. A colleague has to.");
    public static readonly Refusal ApplicantNotActive = new("applicant_not_active", 409, "The applicant's account is not active. Look at it first.");
    public static readonly Refusal ZoneUnknown = new("zone_unknown", 422, "This time zone is not known. Use an IANA name such as Asia/Kuwait.");
    public static readonly Refusal DaysOutOfRange = new("days_out_of_range", 422, "Ask for 1 to 28 days, from a date between 2000 and 2100.");
    public static readonly Refusal StartInvalid = new("start_invalid", 422,
        "The start is an instant such as 2026-11-21T15:30:00Z, or without an offset a wall time of the provider's zone.");
    public static readonly Refusal NonexistentLocalTime = new("nonexistent_local_time", 422, "The clocks skip this time on that day. Choose the next valid time, given here.");
    public static readonly Refusal AmbiguousLocalTime = new("ambiguous_local_time", 422, "The clocks show this time twice on that day. Send the one you mean with its offset.");
    public static readonly Refusal SlotNotOffered = new("slot_not_offered", 422, "The provider does not offer this time. Choose one of the free slots.");
    public static readonly Refusal SlotUnavailable = new("slot_unavailable", 409, "Somebody else was faster: this slot is taken. Free ones are given here.");
    public static readonly Refusal OwnService = new("own_service", 403, "You cannot book yourself.");
    public static readonly Refusal TooManyHolds = new("too_many_holds", 409, "You hold as many unpaid slots as allowed. Pay or release one first.");
    public static readonly Refusal BookingNotFound = new("booking_not_found", 404, "There is no booking here that you may see.");
    public static readonly Refusal BookingNotCancellable = new("booking_not_cancellable", 409, "This booking has ended already; look at its state.");
    public static readonly Refusal CancellationTermsChanged = new("cancellation_terms_changed", 409, "What would be refunded has changed since you looked. The present terms are given here.");
    public static readonly Refusal BookingChanged = new("booking_changed", 409, "This booking has changed since you looked. Its present state is given here; decide again.");
    public static readonly Refusal BookingNotMovable = new("booking_not_movable", 409, "Only a paid booking that has not begun is moved; look at its state.");
    public static readonly Refusal MoveTooLate = new("move_too_late", 409, "It is too late to move this booking. Ask the other side in the chat, or cancel by the terms.");
    public static readonly Refusal TooManyMoves = new("too_many_moves", 409, "You have moved this booking as often as its terms allow. Ask the other side in the chat, or cancel by the terms.");
    public static readonly Refusal SameTime = new("same_time", 422, "The booking has this time already. Choose another.");
    public static readonly Refusal OnlyTheCustomer = new("only_the_customer", 403, "Only the customer can do this.");
    public static readonly Refusal PolicyInvalid = new("cancellation_policy_invalid", 422, "These terms do not fit together. What is wrong is said here.");
    public static readonly Refusal PolicyChanged = new("cancellation_policy_changed", 409, "Somebody has set these terms since you looked. Look at the newest version first.");
    public static readonly Refusal BookingNotConfirmed = new("booking_not_confirmed", 409, "Only a confirmed booking can be started or completed; look at its state.");
    public static readonly Refusal AbsenceTooEarly = new("absence_too_early", 409, "Wait a little: they may only be late. From the time given here you can say that they did not come.");
    public static readonly Refusal AbsenceTooLate = new("absence_too_late", 409, "The time to say so is over. Write to support.");
    public static readonly Refusal AbsenceNotFound = new("absence_not_found", 404, "There is no such report for you to act on.");
    public static readonly Refusal AbsenceEnded = new("absence_ended", 409, "This report is with our staff, settled or taken back already; look at its state.");
    public static readonly Refusal AbsenceOpen = new("absence_open", 409, "It was said that somebody did not come. Answer that first; until it is settled nothing is charged.");
    public static readonly Refusal AbsenceNotContested = new("absence_not_contested", 409, "Only a report that the other side disagrees with is decided by staff; look at its state.");
    public static readonly Refusal AbsenceOwn = new("absence_own", 403, "This is a booking of your own. A colleague has to decide.");
    public static readonly Refusal AbsenceWhyMissing = new("absence_why_missing", 422, "Say why, in 3 to 1000 characters.");
    public static readonly Refusal NoteTooLong = new("note_too_long", 422, "A note has at most 1000 characters and no control characters.");
    public static readonly Refusal BookingNotStarted = new("booking_not_started", 409, "The session has not begun yet. Complete it after its start time.");
    public static readonly Refusal OnlyTheProvider = new("only_the_provider", 403, "Only the provider can do this.");
    public static readonly Refusal NotAConsultation = new("not_a_consultation", 409, "Only consultations are started; this booking is a visit.");
    public static readonly Refusal HoursInvalid = new("hours_invalid", 422, "Hours are pairs like 09:00 and 17:00 (24:00 ends the day), from before until, without overlaps.");
    public static readonly Refusal ExceptionOverlaps = new("exception_overlaps", 409, "That date already has an exception at these hours. Remove it first.");
    public static readonly Refusal ExceptionNotFound = new("exception_not_found", 404, "There is no such exception of yours.");
    public static readonly Refusal ChatNotFound = new("chat_not_found", 404, "There is no chat here that you may see.");
    public static readonly Refusal ChatClosed = new("chat_closed", 409, "This chat is closed. What was written stays readable.");
    public static readonly Refusal MessageInvalid = new("message_invalid", 422, "A message has 1 to 4000 characters and no control characters; its client id 1 to 64.");
    public static readonly Refusal RequestNoteInvalid = new("request_note_invalid", 422, "A note to the provider has at most 500 characters and no control characters.");
    public static readonly Refusal NothingMasked = new("nothing_masked", 409, "Nothing of what you wrote here is hidden from anybody.");
    public static readonly Refusal MaskAppealNotFound = new("mask_appeal_not_found", 404, "There is no such appeal.");
    public static readonly Refusal MaskAppealDecided = new("mask_appeal_decided", 409, "This appeal was decided already; look at its state.");
    public static readonly Refusal MaskAppealOwn = new("mask_appeal_own", 403, "Nobody decides on an appeal of their own. A colleague has to.");
    public static readonly Refusal DecisionWhyMissing = new("decision_why_missing", 422, "Say why, in 3 to 500 characters; who asked reads it.");
    public static readonly Refusal ReasonTooLong = new("reason_too_long", 422, "A reason has at most 500 characters and no control characters.");
}
