create table b(i int);
nonsense;
