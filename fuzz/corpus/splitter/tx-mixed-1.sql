create table a(i int);
create index concurrently ai on a(i);
