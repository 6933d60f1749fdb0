"""The comment judge (regulations, rule 3): which comments are detailed, and what the others lack."""

from gatekeeper.text.judge import judge_comment
from gatekeeper.text.judgement import Judgement, Reason
from gatekeeper.text.lexicon import DEFAULT_LEXICON, Lexicon

__all__ = ["DEFAULT_LEXICON", "Judgement", "Lexicon", "Reason", "judge_comment"]
