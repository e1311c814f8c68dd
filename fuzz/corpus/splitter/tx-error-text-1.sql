create table a(i int primary key);


-- why
insert into a
  values (1);

insert into a
  values (1);
