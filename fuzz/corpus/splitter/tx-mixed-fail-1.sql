create table a(i int);
create index concurrently ai on a(i);
insert into nowhere values (1);
