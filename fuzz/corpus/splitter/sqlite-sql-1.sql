create table a(i int, t text);
create table log(s text);
create trigger tr after insert on a begin
  insert into log values ('in; ' || new.t);
  insert into log select case when new.i > 1 then 'big' else 'small' end;
end;
insert into a values (1,'x;y');
CREATE TRIGGER IF NOT EXISTS tr2 AFTER UPDATE OF t ON a FOR EACH ROW WHEN new.t <> old.t BEGIN SELECT 1; update a set i = i + 1 where t = new.t; END;
update a set t='z';
create table "odd;name"("col;" int); create table [br;ack](i int); create table `back;tick`(i int);
/* ; */ -- ;
