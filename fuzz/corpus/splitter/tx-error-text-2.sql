create table a(i int);
select
  j
from a;
