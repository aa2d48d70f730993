"""Tasks: lists, taking and giving, their forms, and what is said of them and attached."""

from webui.rest.task import acting, forms, lists, papers
from webui.rest.task.one import resource

__all__ = ["acting", "forms", "lists", "papers", "resource"]
