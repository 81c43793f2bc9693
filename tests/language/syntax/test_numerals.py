"""Numbers in Chinese characters, as the way out of E122 writes them in digits."""

from __future__ import annotations

import pytest

from jiugao.syntax.numerals import in_digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("五千元", "5000元"),
        ("一万零五百元", "10500元"),
        ("十万元", "10万元"),
        ("一万五千元", "1.5万元"),
        ("三千零五十元", "3050元"),
        ("两亿三千万元", "23000万元"),
        ("一点五万元", "1.5万元"),
        ("二〇元", "20元"),
        ("十二个月", "12个月"),
        ("六十周岁", "60周岁"),
        ("五个百分点", "5个百分点"),
        ("百分之七十", "70%"),
        ("百分之一百", "100%"),
        ("百分之六十五点五", "65.5%"),
        ("百分之零点五", "0.5%"),
        ("两成", "20%"),
        ("三成五", "35%"),
        ("三成半", "35%"),
        ("九成", "90%"),
    ],
)
def test_what_is_meant(text: str, digits: str) -> None:
    assert in_digits(text) == digits


@pytest.mark.parametrize(
    "text",
    ["五百五元", "一万五元", "二三十元", "点五元", "五点元", "三成员", "成", "元"],
)
def test_nothing_is_guessed(text: str) -> None:
    assert in_digits(text) is None
