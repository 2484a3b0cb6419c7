"""Rich text: what is packed is unpacked, words are words, and the HTML of a letter comes out of its RTF."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from akinai.adapters.mailbox import rtf, sealed, tnef
from akinai.adapters.mailbox.tests.test_wrapping import cms, der, winmail

# The example of MS-OXRTFCP, 3.1.
PACKED = bytes.fromhex(
    "2d000000 2b000000 4c5a4675 f1c5c7a7 03000a00 72637067 31323542 320af320 68656c09 00206277 05b06c64 7d0a800f a0"
)
HIDING = (
    rb"{\rtf1\ansi\ansicpg932\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 \'93\'fa\'96\'7b"
    rb"\htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}}"
)


def test_what_is_packed_is_unpacked() -> None:
    whole = rb"{\rtf1\ansi\ansicpg1252\pard hello world}" + b"\r\n"
    assert rtf.unpacked(PACKED) == whole
    assert rtf.unpacked(b"\0\0\0\0\x05\0\0\0MELA\0\0\0\0abcdefg") == b"abcde"
    assert rtf.unpacked(PACKED[:20]) in whole


def test_a_letter_of_words_gives_its_words() -> None:
    told = rb"{\rtf1\ansi\ansicpg932{\fonttbl{\f0 MS Gothic;}}\'82\'a0\'82\'a2\par 3\tab 4\par}"
    assert rtf.read(told) == ("あい\n3\t4", "")


def test_letters_told_by_number_stand_once_and_whole() -> None:
    told = rb"{\rtf1\ansi\u26085 ?\u26412\'3f \u-10179 ?\u-8704 ?\uc0\u33590 !\uc2\u22269 ??.}"
    assert rtf.read(told) == ("日本 😀茶!国.", "")
    assert rtf.read(rb"{\rtf1\ansi\u-10179 ?.}") == ("\ufffd.", "")


def test_the_html_that_was_hidden_comes_out_alone() -> None:
    assert rtf.read(HIDING) == ("", "<p>日本</p>")


@given(st.data())
def test_whatever_was_damaged_ends_without_a_fault(data: st.DataObject) -> None:
    begun = data.draw(
        st.sampled_from([PACKED, HIDING, winmail(("あ.txt", b"aaa"), words="x"), cms(2, der(0x04, b"x"))])
    )
    broken = bytearray(begun)
    for at in data.draw(st.lists(st.integers(0, len(begun) - 1), max_size=6)):
        broken[at] = data.draw(st.integers(0, 255))
    told = bytes(broken[: data.draw(st.integers(0, len(begun)))])
    text, html = rtf.read(rtf.unpacked(told) or told)
    (text + html).encode()
    assert len(rtf.unpacked(told)) <= rtf.MOST and len(sealed.signed(told)) <= len(told)
    packed = tnef.read(told)
    assert packed is None or sum(len(body) for _, body in packed.files) <= len(told)
