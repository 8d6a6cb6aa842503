"""Replies from a stream: in order, to its end, however odd it is."""

import io

from alliance_sim.plain.lines import Line, StreamLines


class Broken(io.StringIO):
    def __iter__(self):
        yield "Hello.\n"
        raise OSError("the terminal has gone")


def lines_of(stream) -> StreamLines:
    return StreamLines(stream, lambda: 7.0)


def test_lines_come_in_order_and_the_end_comes_again_and_again():
    lines = lines_of(io.StringIO("one\r\ntwo\n\nthree"))
    said = [lines.read().text for _ in range(4)]
    assert said == ["one", "two", "", "three"]
    assert lines.read() == Line(None, 7.0)
    assert lines.read().text is None


def test_a_byte_order_mark_is_no_word():
    assert lines_of(io.StringIO("\ufeffHello.\n\ufeffKept.\n")).read().text == "Hello."


def test_a_line_put_back_comes_next():
    lines = lines_of(io.StringIO("one\ntwo\n"))
    first = lines.read()
    lines.put_back(first)
    assert lines.wait(0.0) == first
    assert lines.read().text == "two"


def test_waiting_ends_by_the_clock():
    class Silent(io.StringIO):
        def __iter__(self):
            return iter(())

    lines = lines_of(Silent())
    assert lines.read().text is None
    assert lines.wait(0.001) is None


def test_a_stream_that_breaks_off_ends_there():
    lines = lines_of(Broken())
    assert lines.read().text == "Hello."
    assert lines.read().text is None
