insert into p values ('noname','${}');
