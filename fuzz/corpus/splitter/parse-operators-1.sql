create table t(j jsonb);
insert into t values ('{"a":{"b":1}}'::jsonb);
prepare q(int) as select $1 + 1;
execute q(1);
create table r as select j->'a'->>'b' x, j ? 'a' y, j #>> '{a,b}' z, 1 --1
  as w, array[1,2] @> array[1] v from t;
