import subprocess
import sys

from alliance_sim.domain.codes import CodedReply, Main, Mark


def test_a_coded_reply_comes_back_as_it_was():
    coded = CodedReply(main=Main.OTHER, codes=(), marks=frozenset(Mark))
    assert CodedReply.model_validate_json(coded.model_dump_json()) == coded


def test_every_process_writes_it_the_same_way():
    program = (
        "from alliance_sim.domain.codes import CodedReply, Main, Mark; "
        "print(CodedReply(main=Main.OTHER, codes=(), marks=frozenset(Mark)).model_dump_json())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1
