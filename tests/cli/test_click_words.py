"""Help and wrong calls speak the reader's language, Click's own sentences included."""

import os
import subprocess
import sys

import pytest


def run(language, *arguments):
    environment = {**os.environ, "HUANZHI_LANG": language}
    command = [sys.executable, "-m", "huanzhi.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_help_is_chinese_or_english_as_a_whole():
    chinese, english = run("zh", "--help").stdout, run("en", "--help").stdout
    assert "用法： huanzhi" in chinese and "选项" in chinese and "命令" in chinese
    assert "Usage" not in chinese and "Options" not in chinese
    assert "Usage: huanzhi" in english and "Commands" in english


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "没有命令 'nothing'"),
        (["standards", "show"], "缺少参数"),
        (["standards", "list", "--wrong"], "没有选项 '--wrong'"),
        (["rank", "air", "--period", "2017-02", "--edition", "1999"], "不在可选值"),
    ],
)
def test_a_wrong_call_is_answered_in_chinese_with_exit_code_2(arguments, said):
    answer = run("zh", *arguments)
    assert answer.returncode == 2
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
