create table t as select case when true then 'a;' else 'b' end as "end", 1 as begin_x;
select case 1 when 1 then (case when true then 2 end) end;
