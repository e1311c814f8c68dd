create table b(i int);
commit;
create table b2(i int);
nonsense;
