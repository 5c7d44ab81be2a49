-- What the app's role may do. Run after every migration; says the whole truth each time.
revoke all on all tables in schema foundation from :app;
grant usage on schema foundation to :app;
grant select on foundation.migrations, foundation.home to :app;
grant select, insert, update, delete on
    foundation.jobs, foundation.recurring, foundation.idempotency, foundation.rate_hits, foundation.rate_windows, foundation.person_keys to :app;
grant select, insert, update on foundation.settings to :app;
grant select, update on foundation.clock to :app;
-- append-only
grant select, insert on foundation.audit, foundation.audit_seals, foundation.settings_history to :app;

-- messaging
revoke all on all tables in schema messaging from :app;
grant usage on schema messaging to :app;
grant select, insert, update on messaging.recipients, messaging.notices, messaging.deliveries to :app;
grant select, insert on messaging.delivery_log, messaging.template_versions, messaging.text_answers to :app;
grant select, insert, delete on messaging.voices to :app;
grant select, insert, update, delete on messaging.suppressions, messaging.push_devices, messaging.preferences, messaging.quiet_hours, messaging.bursts, messaging.templates_in_force to :app;
-- erasure: who somebody was; what a server answered may name their address
grant delete on messaging.recipients to :app;
grant update (reply) on messaging.delivery_log to :app;
-- identity
revoke all on all tables in schema identity from :app;
grant usage on schema identity to :app;
grant select on identity.roles, identity.role_permissions to :app;
grant select, insert, update on identity.accounts, identity.email_verifications, identity.signing_keys to :app;
grant select, insert, delete on identity.account_roles to :app;
grant select, insert, update, delete on identity.sessions, identity.refresh_tokens to :app;
grant select, insert, update, delete on identity.challenges, identity.devices, identity.device_tokens to :app;
grant select, insert, update, delete on identity.totp, identity.backup_codes, identity.passkeys, identity.passkey_asks to :app;
grant select, update on identity.session_generation to :app;
grant select, insert, update, delete on identity.sign_in_days to :app;
grant select, insert, delete on identity.active_days to :app;
grant select, insert, update, delete on identity.phone_verifications, identity.phone_sign_ins, identity.sms_traffic to :app;
grant select, insert, update, delete on identity.password_resets, identity.email_changes to :app;
grant select, insert, delete on identity.password_history to :app;
-- identity: people
grant insert, update, delete on identity.roles to :app;
grant insert, delete on identity.role_permissions to :app;
grant select, insert, update on identity.invitations, identity.erasures to :app;
grant select, insert, update, delete on identity.exports to :app;
grant delete on identity.email_verifications to :app;
-- identity: risk
grant select, insert on identity.risk_decisions to :app; -- append-only
grant select, insert, update, delete on identity.sign_in_holds to :app;
grant select, insert, update on identity.network_blocks to :app;
grant select, insert, update, delete on identity.sign_in_places to :app;
grant select, insert, delete on identity.sign_in_failures to :app;

-- files
revoke all on all tables in schema files from :app;
grant usage on schema files to :app;
grant select, insert, update on files.uploads to :app;

-- money
grant usage on schema money to :app;
grant select, insert, update on money.orders, money.payments, money.payment_guards, money.refunds, money.webhooks, money.destinations, money.withdrawals, money.payouts to :app;
-- append-only
grant select, insert on money.order_lines, money.payment_events, money.quarantine to :app;
-- the ledger is written by money.post_journal alone
grant select on money.accounts, money.journals, money.entries to :app;
revoke all on function money.account_of(text, uuid, text), money.post_journal(text, text, uuid, timestamptz, timestamptz, text[], uuid[], text[], bigint[]) from public;
grant execute on function money.account_of(text, uuid, text), money.post_journal(text, text, uuid, timestamptz, timestamptz, text[], uuid[], text[], bigint[]) to :app;
grant select on money.balances to :app;
revoke all on function money.lock_balance(text, uuid, text) from public;
grant execute on function money.lock_balance(text, uuid, text) to :app;

-- money: escrow
grant select, insert on money.escrow_parts to :app;
grant update (taken_back_at) on money.escrow_parts to :app;
-- money: payments
grant select, insert, update on money.clock_doubts, money.captures, money.send_backs to :app;
grant update (resolution, resolved_by, resolved_at, resolved_why) on money.quarantine to :app;
grant select, insert, update on money.clock_doubts, money.captures to :app;
grant select, insert, update on money.clock_doubts to :app;
-- money: saved methods
grant select, insert, update on money.gateway_customers, money.saved_methods to :app;
-- money: ledger
grant select on money.books, money.epochs, money.moments, money.balance_rounds, money.round_accounts, money.round_totals,
    money.closings, money.period_accounts, money.period_totals, money.period_freezes to :app;
grant select on sequence money.journals_id_seq to :app;
-- append-only
grant select, insert on money.fx_rates, money.conversions, money.seal_chunks, money.seal_nodes, money.seal_keys, money.seal_checkpoints to :app;
revoke all on function money.horizon(), money.mark_moment(timestamptz), money.make_balance_round(timestamptz), money.close_period(timestamptz, uuid, timestamptz, text),
    money.freeze_period(timestamptz, timestamptz), money.begin_epoch(text) from public;
grant execute on function money.horizon(), money.mark_moment(timestamptz), money.make_balance_round(timestamptz), money.close_period(timestamptz, uuid, timestamptz, text),
    money.freeze_period(timestamptz, timestamptz) to :app;
-- money: disputes, holds, reserves
grant select, insert, update on money.disputes to :app;
grant select, insert on money.dispute_evidence, money.order_holds, money.reserves to :app;
grant update (state, checks, failure_text, submitted_at) on money.dispute_evidence to :app;
grant update (ended_by, ended_at, outcome) on money.order_holds to :app;
grant update (released_at) on money.reserves to :app;
revoke all on function money.lock_balances(uuid, text) from public;
grant execute on function money.lock_balances(uuid, text) to :app;

-- money: fees
grant select, insert, update on money.fee_rules to :app;

-- money: approvals
grant select, insert, update on money.approvals to :app;

-- money: payouts
grant select, insert, update on money.payout_batches, money.payout_batch_items to :app;
-- append-only
grant select, insert on money.destination_accounts, money.withdrawal_events, money.payout_files, money.bank_results to :app;

-- marketplace
revoke all on all tables in schema marketplace from :app;
grant usage on schema marketplace to :app;
grant select, insert, update on marketplace.providers, marketplace.services, marketplace.bookings, marketplace.chats, marketplace.chat_reads to :app;
grant select, insert, delete on marketplace.weekly_hours, marketplace.hour_exceptions to :app;
grant select, insert, update, delete on marketplace.claims to :app;
-- append-only; erasure takes the words of its author
grant select, insert on marketplace.messages to :app;
grant update (text) on marketplace.messages to :app;
grant select, insert, update on marketplace.provider_applications to :app;
-- versions never change
grant select, insert on marketplace.cancellation_policies to :app;
grant select, insert, update on marketplace.absences, marketplace.reminders, marketplace.visits, marketplace.mask_appeals to :app;
grant select, insert, update, delete on marketplace.travel_times, marketplace.forecasts to :app;
grant select, insert, update on marketplace.call_rooms, marketplace.calls, marketplace.call_presences to :app;
-- append-only
grant select, insert on marketplace.call_events to :app;
grant select, insert, delete on marketplace.call_signals to :app;
-- a block stays, also when it was lifted
grant select, insert on marketplace.person_blocks to :app;
grant update (lifted_at) on marketplace.person_blocks to :app;
-- a report is decided once; erasure takes the words
grant select, insert on marketplace.talk_reports to :app;
grant update (words, message_text, state, outcome, why, decided_by, decided_at) on marketplace.talk_reports to :app;
-- append-only
grant select, insert on marketplace.visit_events to :app;
-- a review stays; it is changed while blind, published, answered and hidden
grant select, insert, update on marketplace.review_windows, marketplace.reviews to :app;
-- a move stays; it is agreed to later, and erasure takes the words of its author
grant select, insert on marketplace.booking_moves to :app;
grant update (accepted_at, reason) on marketplace.booking_moves to :app;
grant select, insert, update, delete on marketplace.calendar_links, marketplace.external_calendars to :app;
grant select, insert, delete on marketplace.external_busy to :app;
grant select, insert, update on marketplace.categories to :app;
grant select, insert, update on marketplace.packages, marketplace.package_sales, marketplace.package_credits to :app;
grant select, insert, delete on marketplace.package_services to :app;
grant select, insert on marketplace.package_sale_services to :app;
grant select, insert on marketplace.time_changes to :app;
grant select, insert, update on marketplace.resources to :app;
grant select, insert on marketplace.series to :app;
grant select, insert, update, delete on marketplace.waits to :app;
grant select, insert, delete on marketplace.resource_shares, marketplace.service_resources to :app;
grant select, insert, update on marketplace.client_projects to :app;
grant select, insert, update, delete on marketplace.project_milestones to :app;
grant select, insert, delete on marketplace.project_bookings to :app;
-- What happened stays; what was written with it goes with its author.
grant select, insert on marketplace.project_events to :app;
grant update (note) on marketplace.project_events to :app;

-- content
revoke all on all tables in schema content from :app;
grant usage on schema content to :app;
grant select, insert, update on content.documents, content.schedules to :app;
-- append-only: versions never change, an address stays its document's
grant select, insert on content.versions, content.slugs to :app;

-- money: reconciliation
grant select, insert, update on money.reconciliations, money.reconciliation_totals, money.report_lines, money.gateway_settlements, money.reconciliation_exceptions, money.explain_rules to :app;
grant select, insert, update, delete on money.report_staged to :app;
grant select, insert, update on money.reconciliation_currencies, money.gateway_calls to :app;
-- append-only
grant select, insert on money.gateway_fee_rules, money.report_links, money.reconciliation_notes to :app;
-- invoices: written by money.issue_invoice alone, so that no number is skipped and nothing issued is ever changed
grant select on money.invoice_series, money.invoices, money.invoice_guards, money.pay_links to :app;
grant select, insert on money.invoice_files to :app;
revoke all on function money.issue_invoice(uuid, text, text, uuid, uuid, uuid, uuid, uuid, uuid, text, bigint, bigint, boolean, uuid, text, bytea, text, timestamptz, timestamptz, uuid, bytea) from public;
grant execute on function money.issue_invoice(uuid, text, text, uuid, uuid, uuid, uuid, uuid, uuid, text, bigint, bigint, boolean, uuid, text, bytea, text, timestamptz, timestamptz, uuid, bytea) to :app;
-- operations: webhooks
revoke all on all tables in schema operations from :app;
grant usage on schema operations to :app;
grant select, insert, update on operations.webhook_endpoints, operations.webhook_objects, operations.webhook_deliveries to :app;
-- append-only; of an event, only that it was fanned out
grant select, insert on operations.webhook_events, operations.webhook_attempts to :app;
grant update (fanned_at) on operations.webhook_events to :app;
grant select, insert, update, delete on operations.saved_filters to :app;
revoke all on function operations.webhook_is_due(uuid), operations.forget_webhooks(timestamptz, int) from public;
grant execute on function operations.forget_webhooks(timestamptz, int) to :app;

-- money: risk
revoke all on money.risk_decisions, money.risk_reviews, money.risk_blocks from :app;
grant select, insert on money.risk_decisions to :app; -- append-only
grant select, insert, update on money.risk_reviews, money.risk_blocks to :app;
