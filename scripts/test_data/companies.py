"""Invented software companies, spread over the districts."""

from __future__ import annotations

from typing import Any

from scripts.test_data.numbers import uscc

# name, English name, the first two characters of the code
NAMES = (
    ("云江星河软件有限公司", "Yunjiang Xinghe Software Co., Ltd.", "91"),
    ("云江启明数据科技有限公司", "Yunjiang Qiming Data Technology Co., Ltd.", "91"),
    ("北岭智算信息技术股份有限公司", "Beiling Zhisuan Information Technology Corp.", "91"),
    ("星河引擎（云江）科技有限公司", "Xinghe Engine (Yunjiang) Technology Co., Ltd.", "91"),
    ("云麓工业软件研究院", "Yunlu Institute of Industrial Software", "12"),
    ("南浦云桥网络有限公司", "Nanpu Yunqiao Network Co., Ltd.", "91"),
    ("东澜知图软件有限公司", "Donglan Zhitu Software Co., Ltd.", "91"),
    ("西岚嵌入式系统有限公司", "Xilan Embedded Systems Co., Ltd.", "91"),
    ("青屿海图信息有限公司", "Qingyu Haitu Information Co., Ltd.", "91"),
    ("松泉医疗软件有限公司", "Songquan Medical Software Co., Ltd.", "91"),
    ("明湖自动驾驶技术有限公司", "Minghu Autonomous Driving Technology Co., Ltd.", "91"),
    ("鹤洲游戏互动娱乐有限公司", "Hezhou Interactive Games Co., Ltd.", "91"),
    ("望川地理信息有限公司", "Wangchuan Geographic Information Co., Ltd.", "91"),
    ("Lumen·云江人工智能有限公司", "Lumen Yunjiang AI Co., Ltd.", "91"),
    ("阿尔法·贝塔软件（云江）有限公司", "Alpha Beta Software (Yunjiang) Co., Ltd.", "91"),
    ("云江市数字乡村信息服务专业合作社", "Yunjiang Digital Village Information Co-operative", "N2"),
    ("北岭镇农事软件股份经济合作社", "Beiling Town Farm Software Economic Co-operative", "N2"),
    ("云江开源软件促进会", "Yunjiang Open Source Association", "51"),
    ("星河区集成电路设计服务中心", "Xinghe Integrated Circuit Design Service Centre", "Y1"),
    ("云江玥安信息安全有限公司", "Yunjiang Yue'an Information Security Co., Ltd.", "91"),
    ("临江喆元支付系统有限公司", "Linjiang Zheyuan Payment Systems Co., Ltd.", "91"),
    ("Northwind软件开发（云江）有限公司", "Northwind Software Development (Yunjiang) Co., Ltd.", "91"),
    ("南浦城市大脑运营有限公司", "Nanpu City Brain Operations Co., Ltd.", "91"),
    (
        "云江市星河启智远华腾新联合创新软件技术与人工智能信息服务（集团）股份有限公司星河软件园第一研发中心分公司南一区第二项目部",
        "Second Project Department, Southern Zone, First R&D Branch at Xinghe Software Park, "
        "Yunjiang Xinghe Qizhi Yuanhua Software & AI Services (Group) Corp.",
        "91",
    ),
    ("青屿云端协同办公软件有限公司", "Qingyu Cloud Collaboration Software Co., Ltd.", "91"),
)


def register(districts: list[str]) -> list[dict[str, Any]]:
    """All of them, with codes and districts."""
    return [
        {
            "uscc": uscc(kind, districts[number % len(districts)], 4097 + number * 7919),
            "name": name,
            "name_en": english,
            "district": districts[number % len(districts)],
        }
        for number, (name, english, kind) in enumerate(NAMES)
    ]
