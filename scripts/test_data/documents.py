"""Small documents as people hand them over: PDFs, a photo with its place, a HEIC, a crooked scan. All marked 样本."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from housing_portal.core import pdf

MARK = "样本 SAMPLE"
COMPANY = "云江星河软件有限公司 · Yunjiang Xinghe Software Co., Ltd."
CSS = """
@page { size: A4; margin: 24mm 22mm; }
body { font-family: "Portal Sans"; font-size: 10.5pt; line-height: 1.6; color: #222; }
h1 { font-size: 17pt; text-align: center; margin: 0 0 2mm; }
.en { text-align: center; color: #555; margin: 0 0 7mm; }
.mark { text-align: center; font-weight: 700; font-size: 13pt; color: #a33; border: 1.2pt solid #a33; padding: 1mm; }
table { width: 100%; border-collapse: collapse; margin-top: 6mm; }
th, td { border: .5pt solid #999; padding: 1.6mm 2.4mm; text-align: left; font-weight: 400; vertical-align: top; }
th { width: 38%; background: #f2f2f2; }
"""
# file → title, English title, rows
PAPERS: dict[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "labour-contract.pdf": (
        "劳动合同书",
        "Labour Contract",
        (
            ("甲方（用人单位） Employer", COMPANY),
            ("乙方（劳动者） Employee", "样本人员 Sample Person"),
            ("合同类型 Type", "全日制，固定期限 Full-time, fixed term"),
            ("岗位 Post", "后端工程师 Back-end engineer"),
            ("试用期 Probation", "三个月 Three months"),
            ("工作地点 Place of work", "云江市临江区软件大道1号 1 Software Avenue, Linjiang"),
        ),
    ),
    "lease.pdf": (
        "房屋租赁合同",
        "Lease",
        (
            ("出租人 Landlord", "样本出租人 Sample Landlord"),
            ("承租人 Tenant", "样本人员 Sample Person"),
            ("房屋坐落 Address", "云江市滨江路8号3幢1202室 Room 1202, 8 Binjiang Road"),
            ("建筑面积 Area", "45 平方米 m²"),
            ("月租金 Monthly rent", "人民币1500元 RMB 1,500"),
            ("用途 Use", "居住 Home"),
        ),
    ),
    "social-insurance-record.pdf": (
        "社会保险参保证明",
        "Social Insurance Record",
        (
            ("参保人 Insured", "样本人员 Sample Person"),
            ("缴费单位 Payer", COMPANY),
            ("险种 Kinds", "养老、失业、工伤 Pension, unemployment, injury"),
            ("连续缴费 Months without a gap", "15个月 15 months"),
            ("状态 State", "正常参保 Active"),
        ),
    ),
    "degree-certificate.pdf": (
        "毕业证书和学位证书",
        "Graduation and Degree Certificates",
        (
            ("学校 School", "云江大学 University of Yunjiang"),
            ("姓名 Name", "样本人员 Sample Person"),
            ("专业 Subject", "软件工程 Software engineering"),
            ("学位 Degree", "工学硕士 Master of Engineering"),
        ),
    ),
    "household-housing-check.pdf": (
        "家庭住房情况查询证明",
        "Housing Record of the Household",
        (
            ("查询人 Asked by", "样本人员 Sample Person"),
            ("查询范围 Scope", "云江市行政区域 The city of Yunjiang"),
            ("查询结果 Result", "名下无住房登记信息 No home is registered"),
        ),
    ),
    "lease-filing.pdf": (
        "房屋租赁登记备案证明",
        "Proof of Lease Filing",
        (
            ("备案号 Number", "YJZL2026000123"),
            ("出租人 Landlord", "样本出租人 Sample Landlord"),
            ("承租人 Tenant", "样本人员 Sample Person"),
        ),
    ),
    "family-authorisation.pdf": (
        "家庭成员住房核查授权书",
        "Family Authorisation for the Housing Check",
        (
            ("授权人 Signed by", "样本配偶 Sample Spouse"),
            ("授权事项 What for", "查询本人在云江市的住房情况 A check of the homes that I own in Yunjiang"),
        ),
    ),
    "business-licence.pdf": (
        "营业执照",
        "Business Licence",
        (
            ("名称 Name", COMPANY),
            ("类型 Type", "有限责任公司 Limited company"),
            ("经营范围 Business", "软件开发；信息技术服务 Software development; IT services"),
        ),
    ),
    "audited-accounts.pdf": (
        "审计报告",
        "Audited Accounts",
        (
            ("单位 Company", COMPANY),
            ("主营业务收入 Revenue", "人民币6,000,000元 RMB 6,000,000"),
            ("其中：软件收入 From software", "人民币4,680,000元 RMB 4,680,000"),
        ),
    ),
    "insured-headcount.pdf": (
        "单位参保人数证明",
        "Record of Insured Staff",
        (("单位 Company", COMPANY), ("参保人数 Insured staff", "42人 42 people")),
    ),
    "authorisation-letter.pdf": (
        "授权委托书",
        "Authorisation Letter",
        (
            ("委托单位 Company", COMPANY),
            ("受托人 Agent", "样本人员 Sample Person"),
            ("事项 What for", "申请载体支持 Support for premises"),
        ),
    ),
    "account-permit.pdf": (
        "对公账户开户证明",
        "Proof of the Corporate Account",
        (("户名 Account name", COMPANY), ("开户行 Bank", "云江银行软件园支行 Bank of Yunjiang, Software Park")),
    ),
    "office-lease.pdf": (
        "办公场所租赁合同",
        "Lease of the Premises",
        (
            ("出租人 Landlord", "云江软件园运营管理有限公司 Yunjiang Software Park"),
            ("承租人 Tenant", COMPANY),
            ("建筑面积 Area", "600平方米 600 m²"),
            ("租金 Rent", "每平方米每月55元 RMB 55 a month for each m²"),
        ),
    ),
    "fit-out-papers.pdf": (
        "装修工程资料",
        "Papers of the Fit-out",
        (
            ("项目 Project", "办公场所装修 Office fit-out"),
            ("施工单位 Contractor", "云江筑景装饰工程有限公司 Yunjiang Zhujing Decoration"),
            ("金额 Cost", "人民币312,000元 RMB 312,000"),
        ),
    ),
    "degree-recognition.pdf": (
        "国（境）外学历学位认证书",
        "Recognition of a Degree from Outside the Mainland",
        (
            ("持证人 Holder", "样本人员 Sample Person"),
            ("学校 School", "University of Lindenau"),
            ("结论 Result", "所获学位予以认证 The degree is recognised"),
        ),
    ),
}


def write_all(folder: Path) -> list[str]:
    """Write every document; returns the names of those that could not be made here and were kept."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (title, english, rows) in PAPERS.items():
        (folder / name).write_bytes(paper(title, english, rows))
    card = _card("居民身份证", "Resident Identity Card", ("姓名 Name  样本人员", "住址 Address  云江市临江区"))
    (folder / "identity-card-photo.jpg").write_bytes(_photo(card))
    (folder / "bank-card-photo.jpg").write_bytes(
        _photo(_card("云江银行 借记卡", "Bank of Yunjiang, Debit Card", ("6299 99•• •••• ••••",)))
    )
    marriage = _card("结婚证", "Marriage Certificate", ("持证人 Holder  样本人员",))
    (folder / "marriage-certificate-scan.jpg").write_bytes(_scan(marriage, "JPEG"))
    receipt = _card("租金收据", "Receipt for Rent", ("今收到三个月租金 4500元", "Received: RMB 4,500"))
    (folder / "rent-payment-scan.png").write_bytes(_scan(receipt, "PNG"))
    office = _card("装修后照片", "After the fit-out", ("办公区 Work area  600 m²",))
    (folder / "office-photo.jpg").write_bytes(_photo(office))
    birth = _card("出生医学证明", "Birth Certificate", ("新生儿 Child  样本儿童",))
    (folder / "birth-certificate-scan.jpg").write_bytes(_scan(birth, "JPEG"))
    return _heic(card, folder / "identity-card.heic")


def paper(title: str, english: str, rows: tuple[tuple[str, str], ...]) -> bytes:
    """One page of text in both languages, without a date or an identity of its own: always the same bytes."""
    cells = "".join(f"<tr><th>{key}</th><td>{value}</td></tr>" for key, value in rows)
    body = f'<p class="mark">{MARK}</p><h1>{title}</h1><p class="en" lang="en">{english}</p><table>{cells}</table>'
    made = pdf.render(body, CSS, title=f"{title} {english}", language="zh-Hans", pages=1)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as document:
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(pdf.font_path("sans-regular")), size)


def _card(title: str, english: str, lines: tuple[str, ...]) -> Image.Image:
    picture = Image.new("RGB", (860, 540), "#eef3f7")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((14, 14, 845, 525), outline="#56799c", width=4)
    draw.text((50, 50), title, "#1d3f72", _font(52))
    draw.text((50, 125), english, "#1d3f72", _font(30))
    for number, line in enumerate(lines):
        draw.text((50, 210 + number * 60), line, "#222222", _font(34))
    draw.text((50, 440), MARK, "#a33333", _font(52))
    return picture


def _photo(card: Image.Image) -> bytes:
    """Held sideways by a phone that writes its place into the picture: turned by orientation 6."""
    table = Image.new("RGB", (1200, 900), "#8a7560")
    table.paste(card.rotate(2, expand=True, fillcolor="#8a7560"), (150, 160))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Sample", "Sample Phone 1", 6
    exif[0x0132] = "2026:09:01 09:00:00"
    place = exif.get_ifd(0x8825)
    place.update({1: "N", 2: (29.0, 33.0, 7.2), 3: "E", 4: (106.0, 34.0, 12.0)})
    out = io.BytesIO()
    table.rotate(90, expand=True).save(out, "JPEG", quality=80, exif=exif)
    return out.getvalue()


def _scan(card: Image.Image, kind: str) -> bytes:
    """On a scanner's glass, a little turned, grey and noisy."""
    sheet = Image.new("L", (620, 877), 250)
    small = card.convert("L").resize((516, 324))
    sheet.paste(small, (52, 90))
    turned = sheet.rotate(-1.7, fillcolor=235, resample=Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.6))
    chance, step = random.Random(7), 32 if kind == "PNG" else 1  # in few shades, or noise alone fills a PNG
    grey = bytes(min(255, max(0, round((shade + chance.gauss(0, 6)) / step) * step)) for shade in turned.tobytes())
    picture = Image.frombytes("L", turned.size, grey)
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": 70} if kind == "JPEG" else {"optimize": True}))
    return out.getvalue()


def _heic(card: Image.Image, path: Path) -> list[str]:
    try:
        import pillow_heif
    except ImportError:
        return [path.name]
    exif = Image.Exif()
    exif[0x010F] = "Sample"
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 33.0, 7.2), 3: "E", 4: (106.0, 34.0, 12.0)})
    pillow_heif.from_pillow(card).save(path, quality=60, exif=exif.tobytes())
    return []
