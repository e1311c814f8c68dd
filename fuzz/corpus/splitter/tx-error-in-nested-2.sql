

create view v as select nope;
