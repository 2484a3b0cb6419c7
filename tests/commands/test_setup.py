"""script/setup on machines that lack something: it says in Japanese what, and the way out. No network is asked."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from config.home import REPOSITORY

TOOLS = ("sh", "dirname", "cksum", "cat", "rm", "grep", "chmod", "mkdir")
# A uv that makes a .venv of nothing and writes down what it was asked.
UV = """#!/bin/sh
echo "$@" >> "$ASKED"
[ "$1 $2 $FAILS" = "pip sync sync" ] || [ "$1 $FAILS" = "venv venv" ] && exit 2
if [ "$1" = venv ]; then
  mkdir -p .venv/bin .venv/lib/python3/site-packages
  printf '#!/bin/sh\\n[ "$1 $2" = "-c " ] || echo "%s"\\n' "$(pwd)/.venv/lib/python3/site-packages" > .venv/bin/python
  chmod +x .venv/bin/python
fi
"""


class Machine:
    """A folder with script/setup, and a PATH with a few tools and what the test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        self.shop = folder / "店 1"
        (self.shop / "script").mkdir(parents=True)
        shutil.copy(REPOSITORY / "script/setup", self.shop / "script/setup")
        (self.shop / "requirements.lock").write_text("django==6.1\n")

    def has(self, name: str, script: str) -> None:
        (self.bin / name).write_text(script)
        (self.bin / name).chmod(0o755)

    def set_up(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.shop / "script/setup"], capture_output=True, text=True, timeout=30, check=False,
            env={"PATH": str(self.bin), "HOME": str(self.folder), "ASKED": str(self.folder / "asked"), **environment},
        )  # fmt: skip

    def asked(self) -> list[str]:
        lines = (self.folder / "asked").read_text().splitlines()
        return [line for line in lines if line != "--version"]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_machine_without_python_is_told_which_to_install(machine: Machine) -> None:
    done = machine.set_up()
    assert done.returncode == 1
    assert "Python が見つかりません" in done.stderr and "3.12・3.13・3.14" in done.stderr


def test_a_python_without_venv_and_pip_is_told_the_package(machine: Machine) -> None:
    machine.has("python3", '#!/bin/sh\n[ "$1" = -c ]\n')
    done = machine.set_up()
    assert done.returncode == 1
    assert "venv も pip もありません" in done.stderr and "sudo apt install python3-venv" in done.stderr


def test_without_venv_pip_alone_brings_uv(machine: Machine) -> None:
    machine.has("a-uv", UV)
    machine.has(
        "python3",
        '#!/bin/sh\n[ "$1 $2" = "-m venv" ] && exit 1\n'
        '[ "$3" = install ] && mkdir -p .tools/bin && cat "$(dirname "$0")/a-uv" > .tools/bin/uv && chmod +x .tools/bin/uv\n'
        "exit 0\n",
    )
    done = machine.set_up()
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.asked()[-1].startswith("pip sync")


def test_without_a_network_uv_is_missed_in_japanese(machine: Machine) -> None:
    machine.has("python3", '#!/bin/sh\n[ "$3" != install ]\n')
    (machine.shop / ".tools/bin").mkdir(parents=True)
    (machine.shop / ".tools/bin/python").symlink_to(machine.bin / "python3")
    done = machine.set_up()
    assert done.returncode == 1
    assert "ネットワークにつないで" in done.stderr


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("venv", "Python 3.12 以上が見つからず、取り寄せることもできませんでした"),
        ("sync", "部品をそろえられませんでした"),
    ],
)
def test_a_step_that_fails_is_told_and_done_again_the_next_time(
    machine: Machine, step: str, told: str
) -> None:
    machine.has("uv", UV)
    failed = machine.set_up(FAILS=step)
    assert failed.returncode == 1 and told in failed.stderr
    assert machine.set_up().returncode == 0
    assert machine.asked()[-1].startswith("pip sync")


def test_a_second_set_up_asks_for_nothing(machine: Machine) -> None:
    machine.has("uv", UV)
    assert machine.set_up().returncode == 0
    asked = machine.asked()
    again = machine.set_up()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert machine.asked() == asked == ["venv -q --clear --python >=3.12,<3.15 .venv", asked[1]]


def test_a_moved_shop_gets_an_environment_of_its_new_folder(machine: Machine) -> None:
    machine.has("uv", UV)
    machine.set_up()
    machine.shop = machine.shop.rename(machine.folder / "店 2")
    assert machine.set_up().returncode == 0
    assert machine.asked()[2].startswith("venv -q --clear")
    assert "店 2" in (machine.shop / ".venv/lib/python3/site-packages/akinai.pth").read_text()
    assert "店 2" in (machine.shop / ".venv/bin/akinai").read_text()


def test_new_pins_are_put_into_the_environment_a_shop_may_be_open_on(machine: Machine) -> None:
    machine.has("uv", UV)
    machine.set_up()
    (machine.shop / "requirements.lock").write_text("django==6.2\n")
    assert machine.set_up().returncode == 0
    assert machine.asked()[2].startswith("venv -q --allow-existing")


def test_pyenvs_python_is_found_without_its_shims(machine: Machine) -> None:
    machine.has("uv", UV.replace('echo "$@"', 'echo "$PATH $@"'))
    (machine.folder / ".pyenv/versions/3.13.0/bin").mkdir(parents=True)
    assert machine.set_up().returncode == 0
    assert str(machine.folder / ".pyenv/versions/3.13.0/bin") in machine.asked()[-1]
