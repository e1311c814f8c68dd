SELECT 'done';
