"""The tables of the showroom."""

from apps.reception.models.drive import DemoCar, DriveRoute, TestDrive
from apps.reception.models.numbers import SalesNumbers
from apps.reception.models.opportunity import Clock, Contact, Opportunity
from apps.reception.models.order import SalesOrder, StockCar
from apps.reception.models.paper import LoanApplication, OrderPaper, TradeIn
from apps.reception.models.presentation import ModelSheet, Presentation
from apps.reception.models.quotation import (
    LoanProduct,
    PurchaseTax,
    Quotation,
    QuotationLine,
)
from apps.reception.models.self_check import SelfCheck
from apps.reception.models.sheet import CarModel, Trim, TrimPrice
from apps.reception.models.visit import ShowroomVisit

__all__ = [
    "CarModel",
    "Clock",
    "Contact",
    "LoanApplication",
    "LoanProduct",
    "ModelSheet",
    "DemoCar",
    "DriveRoute",
    "Opportunity",
    "OrderPaper",
    "Presentation",
    "PurchaseTax",
    "Quotation",
    "QuotationLine",
    "SalesNumbers",
    "SalesOrder",
    "SelfCheck",
    "ShowroomVisit",
    "StockCar",
    "TradeIn",
    "TestDrive",
    "Trim",
    "TrimPrice",
]
