-- Valid when every value took its type and every contact is there once: of two rows with one key, both
-- would be its current version. The message says how much is wrong, and names a key.
SELECT
  count_if(size(_errors) > 0) = 0 AND count(*) = count(DISTINCT id) AS valid,
  to_json(named_struct(
    'rows', count(*),
    'rows_with_errors', count_if(size(_errors) > 0),
    'errors', coalesce(sum(size(_errors)), 0),
    'rows_whose_key_is_missing_or_there_before', count(*) - count(DISTINCT id),
    'most_frequent_key', mode(id)
  )) AS message
FROM ${input_view}
