do $$
begin
  raise exception 'my message' using errcode='P0099', detail='the detail', hint='the hint';
end $$;
