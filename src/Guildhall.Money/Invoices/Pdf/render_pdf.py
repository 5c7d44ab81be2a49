"""Reads documents as JSON on standard input, writes each as PDF on standard output, with its length before it (four bytes, big-endian) both
ways, until the input ends. Text is text: nothing in it is ever a command, a path or an address. Pango breaks, orders and shapes it (HarfBuzz), cairo writes the file with the fonts that were used, cut to the glyphs that were used.

Runs with an empty environment, bounded memory and time and no network; see RenderPdf.cs. The same input gives the same bytes."""
import ctypes as c
import ctypes.util
import json
import os
import resource
import sys
import time
import unicodedata

MEMORY, SECONDS, FILES, PAGES = 768 * 1024 * 1024, 20, 64, 200
WIDTH, HEIGHT, MARGIN, FOOT = 595.276, 841.89, 48.0, 40.0
INK, SOFT, LINE, BAND = (0.11, 0.14, 0.19), (0.38, 0.42, 0.48), (0.82, 0.84, 0.87), (0.95, 0.96, 0.97)
SCALE, EMPTY, UNKNOWN, MARKS = 1024.0, 0x0FFFFFFF, 0x10000000, ("Mn", "Me")


def part():
    """No network of its own where the system allows it."""
    libc = c.CDLL(None, use_errno=True)
    libc.unshare(0x40000000) == 0 or libc.unshare(0x10000000 | 0x40000000)  # new network; as an ordinary user inside a new user namespace


def limit():
    """Bounded memory, time and files."""
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_NOFILE, FILES), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


class Rect(c.Structure):
    _fields_ = [(n, c.c_int) for n in ("x", "y", "width", "height")]


class GlyphInfo(c.Structure):
    _fields_ = [("glyph", c.c_uint32), ("width", c.c_int), ("x", c.c_int), ("y", c.c_int), ("attr", c.c_uint32)]


class GlyphString(c.Structure):
    _fields_ = [("count", c.c_int), ("glyphs", c.POINTER(GlyphInfo)), ("clusters", c.POINTER(c.c_int)), ("space", c.c_int)]


class Item(c.Structure):
    _fields_ = [("offset", c.c_int), ("length", c.c_int), ("chars", c.c_int), ("shape", c.c_void_p), ("lang", c.c_void_p), ("font", c.c_void_p), ("level", c.c_uint8)]


class Run(c.Structure):
    _fields_ = [("item", c.POINTER(Item)), ("glyphs", c.POINTER(GlyphString))]


class Glyph(c.Structure):
    _fields_ = [("index", c.c_ulong), ("x", c.c_double), ("y", c.c_double)]


class Cluster(c.Structure):
    _fields_ = [("bytes", c.c_int), ("glyphs", c.c_int)]


WRITE = c.CFUNCTYPE(c.c_int, c.c_void_p, c.POINTER(c.c_ubyte), c.c_uint)


def library(name, soname, functions):
    lib = c.CDLL(soname)
    for line in functions.split("\n"):
        if line.strip():
            result, function, *args = line.split()
            call = getattr(lib, function)
            call.restype = TYPES[result]
            call.argtypes = [TYPES[a] for a in args]
    return lib


TYPES = {"void": None, "p": c.c_void_p, "i": c.c_int, "d": c.c_double, "s": c.c_char_p, "w": WRITE, "r": c.POINTER(Rect), "run": c.POINTER(Run),
         "g": c.POINTER(Glyph), "k": c.POINTER(Cluster)}


def libraries():
    cairo = library("cairo", "libcairo.so.2", """
        p cairo_pdf_surface_create_for_stream w p d d
        void cairo_pdf_surface_set_metadata p i s
        p cairo_create p
        void cairo_set_source_rgb p d d d
        void cairo_rectangle p d d d d
        void cairo_fill p
        void cairo_stroke p
        void cairo_set_line_width p d
        void cairo_new_path p
        void cairo_set_scaled_font p p
        void cairo_glyph_path p g i
        void cairo_show_text_glyphs p s i g i k i i
        void cairo_show_page p
        void cairo_surface_finish p
        i cairo_surface_status p
        i cairo_status p
        p cairo_font_options_create
        void cairo_font_options_set_hint_style p i
        void cairo_font_options_set_hint_metrics p i
        """)
    pango = library("pango", "libpango-1.0.so.0", """
        p pango_layout_new p
        void pango_layout_set_text p s i
        void pango_layout_set_font_description p p
        p pango_font_description_from_string s
        void pango_font_description_free p
        void pango_layout_set_width p i
        void pango_layout_set_wrap p i
        void pango_layout_set_auto_dir p i
        void pango_layout_set_single_paragraph_mode p i
        void pango_context_set_base_dir p i
        void pango_context_set_language p p
        void pango_context_set_round_glyph_positions p i
        p pango_language_from_string s
        void pango_layout_context_changed p
        p pango_layout_get_iter p
        run pango_layout_iter_get_run_readonly p
        void pango_layout_iter_get_run_extents p r r
        void pango_layout_iter_get_line_extents p r r
        i pango_layout_iter_get_baseline p
        i pango_layout_iter_next_run p
        void pango_layout_iter_free p
        p pango_attr_font_features_new s
        p pango_attr_list_new
        void pango_attr_list_insert p p
        void pango_layout_set_attributes p p
        """)
    pangocairo = library("pangocairo", "libpangocairo-1.0.so.0", """
        p pango_cairo_create_context p
        void pango_cairo_context_set_resolution p d
        void pango_cairo_context_set_font_options p p
        p pango_cairo_font_get_scaled_font p
        """)
    gobject = library("gobject", "libgobject-2.0.so.0", "void g_object_unref p")
    return cairo, pango, pangocairo, gobject


def letters(text):
    """A letter with the marks on it is one."""
    out = []
    for ch in text:
        if out and unicodedata.category(ch) in MARKS:
            out[-1] += ch
        else:
            out.append(ch)
    return out


class Page:
    """Draws text in the reading direction of the document: an x is a distance from the start edge."""

    def __init__(self, doc):
        self.rtl = doc["language"] == "ar"
        self.cairo, self.pango, self.pangocairo, self.gobject = libraries()
        self.out = bytearray()
        self.write = WRITE(lambda _, data, n: self.out.extend(c.string_at(data, n)) or 0)
        self.surface = self.cairo.cairo_pdf_surface_create_for_stream(self.write, None, WIDTH, HEIGHT)
        for kind, value in ((0, doc["title"]), (1, doc["author"]), (4, "Guildhall"), (5, doc["created"]), (6, doc["created"])):
            self.cairo.cairo_pdf_surface_set_metadata(self.surface, kind, value.encode())
        self.cr = self.cairo.cairo_create(self.surface)
        self.context = self.pangocairo.pango_cairo_create_context(self.cr)
        options = self.cairo.cairo_font_options_create()
        self.cairo.cairo_font_options_set_hint_style(options, 1)
        self.cairo.cairo_font_options_set_hint_metrics(options, 1)
        self.pangocairo.pango_cairo_context_set_font_options(self.context, options)
        self.pangocairo.pango_cairo_context_set_resolution(self.context, 72.0)
        self.pango.pango_context_set_round_glyph_positions(self.context, 0)
        # Only the joins that the script demands: a letter is a glyph, so that the text can be found and copied.
        self.plain = self.pango.pango_attr_list_new()
        self.pango.pango_attr_list_insert(self.plain, self.pango.pango_attr_font_features_new(b"liga=0, clig=0, dlig=0"))
        self.pango.pango_context_set_language(self.context, self.pango.pango_language_from_string(doc["language"].encode()))

    def lines(self, text, size, bold, width, direction):
        """The text broken to the width: [(width, height, [(run x, baseline from the line's top, glyphs…)])]."""
        pango = self.pango
        rtl = self.rtl if direction == "page" else direction == "rtl"
        if direction == "auto":
            strong = next((b for b in map(unicodedata.bidirectional, text) if b in ("L", "R", "AL")), None)
            rtl = self.rtl if strong is None else strong != "L"
        pango.pango_context_set_base_dir(self.context, 1 if rtl else 0)
        layout = pango.pango_layout_new(self.context)
        font = pango.pango_font_description_from_string(f"Guildhall Sans,Guildhall Naskh {'Bold ' if bold else ''}{size}".encode())
        pango.pango_layout_set_font_description(layout, font)
        pango.pango_font_description_free(font)
        pango.pango_layout_set_auto_dir(layout, 0)
        pango.pango_layout_set_single_paragraph_mode(layout, 1)
        pango.pango_layout_set_width(layout, int(width * SCALE))
        pango.pango_layout_set_wrap(layout, 2)
        data = text.encode()
        pango.pango_layout_set_text(layout, data, len(data))
        pango.pango_layout_set_attributes(layout, self.plain)
        found, top, walk = [], None, pango.pango_layout_get_iter(layout)
        rect, line = Rect(), Rect()
        while True:
            pango.pango_layout_iter_get_line_extents(walk, None, c.byref(line))
            if top != line.y:
                top = line.y
                found.append((line.width / SCALE, line.height / SCALE, []))
            run = pango.pango_layout_iter_get_run_readonly(walk)
            if run:
                pango.pango_layout_iter_get_run_extents(walk, None, c.byref(rect))
                found[-1][2].append(((rect.x - line.x) / SCALE, (pango.pango_layout_iter_get_baseline(walk) - line.y) / SCALE, self.clusters(run.contents, data)))
            if not pango.pango_layout_iter_next_run(walk):
                break
        pango.pango_layout_iter_free(walk)
        self.gobject.g_object_unref(layout)
        return found

    def clusters(self, run, data):
        """The font, [(text, [(glyph, x, y)])] and the marks of a run from left to right. Marks are drawn as shapes and read with their letter, so that
        a reader of the file's text never meets one without the other."""
        item, string = run.item.contents, run.glyphs.contents
        part, rtl = data[item.offset:item.offset + item.length], item.level & 1
        glyphs, x = [], 0.0
        for i in range(string.count):
            g = string.glyphs[i]
            glyphs.append((g.glyph, x + g.x / SCALE, g.y / SCALE, g.width / SCALE, string.clusters[i]))
            x += g.width / SCALE
        starts = sorted({g[4] for g in glyphs})
        shown, marks, boxes = [], [], []
        for start, until in zip(starts, starts[1:] + [len(part)]):
            text = part[start:until].decode()
            mine = [g for g in glyphs if g[4] == start and g[0] != EMPTY]
            boxes += [(g[1], g[3]) for g in mine if g[0] & UNKNOWN]
            mine = [g for g in mine if not g[0] & UNKNOWN]
            if shown and unicodedata.category(text[0]) in MARKS:
                shown[-1] = (shown[-1][0] + text, shown[-1][1])
                marks += mine
                continue
            bases = [g for g in mine if g[3] != 0] or mine
            marks += [g for g in mine if g not in bases]
            groups = letters(text)
            if len(bases) == len(groups) and len(bases) > 1:
                shown += [(t, [b]) for t, b in zip(groups, reversed(bases) if rtl else bases)]
            elif bases:
                shown.append((text, bases))
        if rtl:
            shown.reverse()
        return item.font, shown, marks, boxes

    def draw(self, text, x, y, width, size=9.5, bold=False, colour=INK, end=False, direction="page"):
        """Text in a box whose start edge is x from the document's start margin; answers its height."""
        used = 0.0
        for wide, high, runs in self.lines(text, size, bold, width, direction):
            left = MARGIN + x + (width - wide if end else 0) if not self.rtl else WIDTH - MARGIN - x - (width if end else wide)
            self.cairo.cairo_set_source_rgb(self.cr, *colour)
            for at, baseline, (font, shown, marks, boxes) in runs:
                self.run(font, shown, marks, boxes, left + at, y + used + baseline, size)
            used += high
        return used

    def run(self, font, shown, marks, boxes, x, y, size):
        cairo = self.cairo
        for at, wide in boxes:  # a letter no font here has
            cairo.cairo_set_line_width(self.cr, 0.5)
            cairo.cairo_rectangle(self.cr, x + at + 0.5, y - size * 0.7, max(wide - 1, 1), size * 0.7)
            cairo.cairo_stroke(self.cr)
        cairo.cairo_set_scaled_font(self.cr, self.pangocairo.pango_cairo_font_get_scaled_font(font))
        if shown:
            text = "".join(t for t, _ in shown).encode()
            glyphs = [Glyph(g[0], x + g[1], y + g[2]) for _, gs in shown for g in gs]
            ends = [Cluster(len(t.encode()), len(gs)) for t, gs in shown]
            cairo.cairo_show_text_glyphs(self.cr, text, len(text), (Glyph * len(glyphs))(*glyphs), len(glyphs), (Cluster * len(ends))(*ends), len(ends), 0)
        for g in marks:
            cairo.cairo_new_path(self.cr)
            cairo.cairo_glyph_path(self.cr, (Glyph * 1)(Glyph(g[0], x + g[1], y + g[2])), 1)
            cairo.cairo_fill(self.cr)

    def height(self, text, width, size=9.5, bold=False, direction="page"):
        return sum(high for _, high, _ in self.lines(text, size, bold, width, direction))

    def band(self, x, y, width, height, colour):
        self.cairo.cairo_set_source_rgb(self.cr, *colour)
        self.cairo.cairo_rectangle(self.cr, MARGIN + x if not self.rtl else WIDTH - MARGIN - x - width, y, width, height)
        self.cairo.cairo_fill(self.cr)

    def finish(self):
        self.cairo.cairo_surface_finish(self.surface)
        if self.cairo.cairo_surface_status(self.surface) or self.cairo.cairo_status(self.cr):
            sys.exit("cairo could not write the document")
        return bytes(self.out)


class Writer:
    """Puts the parts of a document one below the other and turns the page in time."""

    def __init__(self, doc, pages):
        self.doc, self.pages, self.page, self.no, self.y = doc, pages, Page(doc), 1, MARGIN
        self.wide = WIDTH - 2 * MARGIN

    def turn(self):
        self.foot()
        self.page.cairo.cairo_show_page(self.page.cr)
        self.no, self.y = self.no + 1, MARGIN
        if self.no > PAGES:
            sys.exit("the document has too many pages")

    def room(self, height):
        if self.y + height > HEIGHT - MARGIN - FOOT:
            self.turn()
            return True
        return False

    def foot(self):
        self.page.band(0, HEIGHT - MARGIN - 16, self.wide, 0.7, LINE)
        self.page.draw(self.doc["footer"], 0, HEIGHT - MARGIN - 10, self.wide - 90, size=7.5, colour=SOFT, direction="auto")
        words = self.doc["pageWords"].replace("{page}", str(self.no)).replace("{pages}", str(self.pages))
        self.page.draw(words, self.wide - 85, HEIGHT - MARGIN - 10, 85, size=7.5, colour=SOFT, end=True)

    def head(self):
        self.y += self.page.draw(self.doc["heading"], 0, self.y, self.wide - 130, size=21, bold=True)
        if self.doc.get("mark"):
            self.page.draw(self.doc["mark"], self.wide - 125, MARGIN + 6, 125, size=11, bold=True, colour=SOFT, end=True)
        self.y += self.page.draw(self.doc["number"], 0, self.y, self.wide, size=12, colour=SOFT, direction="auto") + 14

    def parties(self):
        each = self.wide / max(len(self.doc["parties"]), 2)
        top, lowest = self.y, self.y
        for i, party in enumerate(self.doc["parties"]):
            y = top + self.page.draw(party["title"], i * each, top, each - 16, size=8, colour=SOFT) + 2
            for n, line in enumerate(party["lines"]):
                y += self.page.draw(line, i * each, y, each - 16, bold=n == 0, direction="auto") + 1
            lowest = max(lowest, y)
        self.y = lowest + 12

    def facts(self):
        for name, value in self.doc["facts"]:
            self.room(14)
            self.page.draw(name, 0, self.y, 120, size=8.5, colour=SOFT)
            self.y += max(self.page.draw(value, 124, self.y, self.wide - 124, size=9.5, direction="auto"), 12) + 2
        self.y += 10

    def table(self, table):
        columns = table["columns"]
        unit = self.wide / sum(col["share"] for col in columns)
        edges, at = [], 0.0
        for col in columns:
            edges.append((at, col["share"] * unit))
            at += col["share"] * unit
        if table.get("title"):
            self.room(60)
            self.y += self.page.draw(table["title"], 0, self.y, self.wide, size=11, bold=True) + 6

        def cells(texts, size, bold, colour, heads=False):
            tall = 0.0
            for (x, width), col, text in zip(edges, columns, texts):
                direction = "page" if heads else "ltr" if col["number"] else "auto"
                tall = max(tall, self.page.draw(text, x + 4, self.y + 4, width - 8, size=size, bold=bold, colour=colour, end=col["number"], direction=direction))
            return tall + 8

        def heads():
            self.page.band(0, self.y, self.wide, 20, BAND)
            self.y += max(cells([col["title"] for col in columns], 8, True, SOFT, heads=True), 20)

        self.room(60)
        heads()
        for row in table["rows"]:
            high = max(self.page.height(text, width - 8, direction="ltr" if col["number"] else "auto") for (_, width), col, text in zip(edges, columns, row)) + 8
            if self.room(high):
                heads()
            cells(row, 9.5, False, INK)
            self.y += high
            self.page.band(0, self.y - 0.5, self.wide, 0.5, LINE)
        self.y += 8

    def totals(self):
        for name, value, strong in self.doc["totals"]:
            self.room(22)
            size = 11 if strong else 9.5
            if strong:
                self.page.band(self.wide * 0.45, self.y, self.wide * 0.55, 0.8, SOFT)
                self.y += 3
            self.page.draw(name, self.wide * 0.45 + 4, self.y, self.wide * 0.3, size=size, bold=strong, colour=INK if strong else SOFT)
            self.y += self.page.draw(value, self.wide * 0.7, self.y, self.wide * 0.3 - 4, size=size, bold=strong, end=True, direction="ltr") + 3
        self.y += 12

    def notes(self):
        for note in self.doc["notes"]:
            self.room(min(self.page.height(note, self.wide, size=8.5, direction="auto"), 200))
            self.y += self.page.draw(note, 0, self.y, self.wide, size=8.5, colour=SOFT, direction="auto") + 4

    def run(self):
        self.head()
        self.parties()
        self.facts()
        for table in self.doc["tables"]:
            self.table(table)
        self.totals()
        self.notes()
        self.foot()
        return self.page.finish()


def render(doc):
    first = Writer(doc, 1)
    data = first.run()
    return data if first.no == 1 else Writer(doc, first.no).run()


def answer(data):
    limit()
    pdf = render(json.loads(data))
    sys.stdout.buffer.write(len(pdf).to_bytes(4, "big") + pdf)
    sys.stdout.buffer.flush()


def serve():
    """A process of its own for every document, made from this one, which has libraries and fonts read: what one document does to it, the next never
    meets. The first that fails ends it."""
    read = sys.stdin.buffer.read
    ready = time.monotonic() + 2
    while len(os.listdir("/proc/self/task")) > 1 and time.monotonic() < ready:
        time.sleep(0.01)  # a thread of Pango's that reads fonts
    while head := read(4):
        data = read(int.from_bytes(head, "big"))
        # A Pango that keeps a thread for its fonts would miss it in the new process.
        if len(os.listdir("/proc/self/task")) > 1:
            answer(data)
            return
        child = os.fork()
        if child == 0:
            answer(data)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended != 0:
            sys.exit(ended if ended > 0 else 128 - ended)


if __name__ == "__main__":
    part()
    words = "Fonts خطوط"
    render(dict(language="en", title=words, author=words, created="2000-01-01T00:00:00Z", heading=words, number=words, mark=None, parties=[], facts=[], tables=[], totals=[], notes=[words],
                footer=words, pageWords=words))
    serve()
