"""The comment judge (regulations, rule 3): which comments are detailed, and what the others lack."""

from gatekeeper.judge.comments.judge import judge_comment
from gatekeeper.judge.comments.judgement import Judgement, Reason
from gatekeeper.judge.comments.lexicon import DEFAULT_LEXICON, Lexicon

__all__ = ["DEFAULT_LEXICON", "Judgement", "Lexicon", "Reason", "judge_comment"]
