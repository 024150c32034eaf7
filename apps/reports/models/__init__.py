"""Month reports, their figures, actions and targets."""

from apps.reports.models.report import FigureTarget, MonthlyReport, ReportAction, ReportFigure

__all__ = ["FigureTarget", "MonthlyReport", "ReportAction", "ReportFigure"]
