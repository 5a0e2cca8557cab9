"""Make the fonts that PDFs embed, from Debian's ``fonts-noto-cjk`` (development only).

Run ``python scripts/make_fonts.py`` after a new version of that package; the results are committed, so
no deployment depends on a font of its system. TrueType outlines, because a PDF renderer subsets them
several times faster than CFF ones. The families are renamed, as the Open Font License asks of derivatives.
"""

import argparse
import gc
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

SOURCE = Path("/usr/share/fonts/opentype/noto")
TARGET = Path(__file__).resolve().parents[1] / "housing_portal" / "static" / "fonts" / "pdf"
SIMPLIFIED_CHINESE = 2  # index of the SC face in each collection
MAX_ERROR = 1.0  # of 1,000 units an em: invisible in print, and half the points of a finer fit
NO_HINTING = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
)
BUILT = 3_786_912_000  # seconds since 1904, fixed: the same input gives the same bytes

# Latin with pinyin tone marks, Greek, punctuation, currency, numerals, arrows, boxes, full-width forms.
SHARED_RANGES = (
    (0x0020, 0x024F),
    (0x02B0, 0x036F),
    (0x0370, 0x03FF),
    (0x1E00, 0x1EFF),
    (0x2000, 0x206F),
    (0x20A0, 0x20CF),
    (0x2100, 0x22FF),
    (0x2460, 0x27BF),
    (0x3000, 0x303F),
    (0x3100, 0x312F),
    (0x3200, 0x33FF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)
# Every Han character of the source, with kana: a name must never print as a box.
WIDE_RANGES = (
    *SHARED_RANGES,
    (0x2E80, 0x2FDF),
    (0x3040, 0x30FF),
    (0x31C0, 0x31EF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
# Given-name and surname characters that GB2312 lacks and that registers show again and again.
RARE_NAMES = (
    "喆堃珺镕昇犇赟頔玥彧翀焜煊晞晳曈曦昉昺旸晧暘曌晔晟璟琤琎琇珣珩珮珦琨瑀瑄瑨瑾璇璐璠瓘瓈玮玙珂玎玓玘玢玠"
    "玱珅珉珌珏珒珝珪珵珹琁琊琍琛琟琡琫琬琭琮琯琰琲瑗瑛瑢瑱瑷瑸璆璈璋璎璗璘璥璱璿瓒"
    "垚垠垲垿埈埕埗堉堔堙堽塬墉壵坤垭姈姌姍姝姞姮娅娍娴婕婧婳媃媖媛媞媸嫄嫚嬅嬿奕妘妤妧妲宬宓寔寯尧峣峤峥峻崟崑嵋嵘嵚嵩"
    "巍巘弘弢彣彤徕徜恺惇愔愫慜懋懿昀昱昴昶晁晏晗晙晞晢晫暐暕暲曜朓杉杬枞枢柘栩桄桉桐桢梓棣棽椤楒楠楫榕榞槿橦檀檠"
    "毓毅沄沅沚沨沺泓泱泠洵洺洹浠浥浛浟涀涄涓淇淏淩淯淼渊渟渼湉湑湜湦湲溁溋溦滢滫漪漵潆潇潼澂澍澔澧濂濬瀚瀛灏"
    "炅炜炆炘炫烁烜烨焓焱焯煐煜煦熙熠燊燚燨爔犟猷琹甯皓皛皞盷睿瞾矞砚砼磊祎祐祚祜祯祺禔禤禧禛穰竑竣竦筠筱箬箐"
    "綦縯翊翎翙翛翾聿聃肜胤臻舸艿芃芊芑芮芯芾苡苒苧茜茗茹荃荇荏荻莘莙菀菁菡萱葳蒽蓁蓓蔚蔺蕤蕙薏薇薷藜蘅虓虔虬"
    "袆裎裕褚襄觌訚訸詝詠詹譞谞谌豫贇赆赪趸跞軏辂轩轶迩迺逯逵遒邈邕邬郅郗郜郦鄢鄞酆釗釬钊钘钜钰铉铎铖铠铤铧铭铷锟锴镈镓镠镡镤镥镨镱镶鑫"
    "閎闓闫闵阊阗陟隽雒雯雱霁霂霈霖霙靓靖韡韪韬頠顗颀颉颋颢飏飐飖馗馥馨駪骁骉骎骐骕骢骦髙鬯魃鲲鳚鴻鹔鹮麒麟黻鼐齊龑龢龘"
    "䶮堯淸祘囡囯仝仚仡伃伋伣伲佶佺侁侃俍俣俨倓倞倢偲傒傕僖儁儋儒冏冼凇凌劭劼勍勖勐勰匡卓卲厍叡吕呈咏哿啟喩喬喦嗣嘉嘏噜囿圳圻"
)


@dataclass(frozen=True)
class Face:
    """One font file to make: where from, under what name, with which characters."""

    source: str
    family: str
    style: str
    wide: bool

    @property
    def file_name(self) -> str:
        """PostScript name and file name, as font tools expect them."""
        return f"{self.family.replace(' ', '')}-{self.style}"


FACES = (
    Face("NotoSansCJK-Regular.ttc", "Portal Sans", "Regular", wide=True),
    Face("NotoSansCJK-Bold.ttc", "Portal Sans", "Bold", wide=False),
    Face("NotoSerifCJK-Regular.ttc", "Portal Serif", "Regular", wide=False),
    Face("NotoSerifCJK-Bold.ttc", "Portal Serif", "Bold", wide=False),
)


def gb2312() -> Iterator[int]:
    """Code points of GB 2312, asked from Python's own codec."""
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                yield ord(bytes((high, low)).decode("gb2312"))
            except UnicodeDecodeError:
                continue


def wanted(face: Face) -> set[int]:
    """Code points to keep in ``face``."""
    ranges = WIDE_RANGES if face.wide else SHARED_RANGES
    points = {point for first, last in ranges for point in range(first, last + 1)}
    return points | set(gb2312()) | {ord(character) for character in RARE_NAMES}


def subset(face: Face) -> TTFont:
    """Load the Simplified Chinese face and keep only the wanted characters."""
    options = Options()
    options.layout_features = ["ccmp", "kern", "mark"]  # no vertical setting, no regional variants
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "DSIG"]
    options.name_IDs = [0, 13, 14]
    options.notdef_outline = True
    options.hinting = False
    options.desubroutinize = True
    font = TTFont(SOURCE / face.source, fontNumber=SIMPLIFIED_CHINESE, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted(face))
    subsetter.subset(font)
    return font


def to_truetype(font: TTFont) -> None:
    """Replace the cubic CFF outlines of ``font`` by quadratic TrueType ones."""
    order = font.getGlyphOrder()
    glyph_set = font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    del font["CFF "]
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphOrder = order
    table.glyphs = glyphs
    for glyph in glyphs.values():
        glyph.recalcBounds(table)
    metrics = font["hmtx"].metrics
    font["hmtx"].metrics = {name: (metrics[name][0], getattr(glyphs[name], "xMin", 0)) for name in order}
    font["maxp"].tableVersion = 0x00010000
    for field in NO_HINTING:
        setattr(font["maxp"], field, 0)
    font["maxp"].maxZones = 1
    font.sfntVersion = "\0\1\0\0"
    font["post"].formatType = 3.0  # no glyph names: nothing reads them
    font["head"].modified = font["head"].created = BUILT


def rename(font: TTFont, face: Face) -> None:
    """Give ``font`` our own family name; copyright and licence records stay."""
    version = "Version 1.000; made from Noto CJK"
    records: Iterable[tuple[int, str]] = (
        (1, face.family),
        (2, face.style),
        (3, f"1.000;{face.file_name}"),
        (4, f"{face.family} {face.style}"),
        (5, version),
        (6, face.file_name),
    )
    for name_id, text in records:
        font["name"].setName(text, name_id, 3, 1, 0x409)


def make(face: Face) -> str:
    """Write one face and say what came out."""
    gc.disable()  # hundreds of thousands of small objects, none of them garbage before the end
    font = subset(face)
    to_truetype(font)
    rename(font, face)
    path = TARGET / f"{face.file_name}.ttf"
    font.save(path)
    covered = set(TTFont(path).getBestCmap())
    missing = "".join(character for character in RARE_NAMES if ord(character) not in covered)
    size = path.stat().st_size / 1_000_000
    return f"{path.name}: {len(covered):,} characters, {size:.1f} MB, rare names missing: {missing or 'none'}"


def main() -> None:
    """Make all faces, or those whose file name contains the given word."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="?", default="", help="part of a file name, such as Serif")
    only = parser.parse_args().only
    TARGET.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(max_workers=2) as pool:
        for report in pool.map(make, [face for face in FACES if only in face.file_name]):
            print(report)


if __name__ == "__main__":
    main()
