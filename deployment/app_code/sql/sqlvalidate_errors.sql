-- Valid when every value took its type; the message says how much did not.
SELECT
  count_if(size(_errors) > 0) = 0 AS valid,
  to_json(named_struct(
    'rows', count(*),
    'rows_with_errors', count_if(size(_errors) > 0),
    'errors', coalesce(sum(size(_errors)), 0)
  )) AS message
FROM ${input_view}
