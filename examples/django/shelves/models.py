from django.db import models
from django.db.models.functions import Now


class Author(models.Model):
    name = models.CharField(max_length=200)


class Book(models.Model):
    title = models.CharField(max_length=300)
    isbn = models.CharField(max_length=13, unique=True, null=True)
    pages = models.IntegerField(db_default=0)
    authors = models.ManyToManyField(Author)

    class Meta:
        indexes = [models.Index(fields=["title"], name="book_title_idx")]
        constraints = [models.CheckConstraint(condition=models.Q(pages__gte=0), name="pages_positive")]


class Loan(models.Model):
    book = models.ForeignKey(Book, on_delete=models.PROTECT)
    email = models.EmailField()
    due = models.DateField()
    taken = models.DateTimeField(db_default=Now())
    returned = models.DateTimeField(null=True)
