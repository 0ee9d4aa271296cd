-- What a schema of Prisma has no words for stands beside it.
ALTER TABLE "Book" ADD CONSTRAINT pages_positive CHECK (pages >= 0);

CREATE VIEW overdue AS
SELECT l.id, m.email, l.due
FROM "Loan" l
JOIN "Member" m ON m.id = l."memberId"
WHERE l.returned IS NULL AND l.due < current_date;
