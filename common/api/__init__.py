"""What every API endpoint shares; the modules beside this one say what is where."""

from common.api.problems import (
    PROBLEM_TYPE,
    etag_of,
    problem,
    problem_body,
    problem_response,
    title_of,
    version_from,
)

__all__ = ["PROBLEM_TYPE", "etag_of", "problem", "problem_body", "problem_response", "title_of", "version_from"]
