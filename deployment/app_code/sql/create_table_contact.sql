CREATE EXTERNAL TABLE IF NOT EXISTS default.contact_snapshot
LOCATION 's3://${bucket}/app_code/output/contact_snapshot/'
TBLPROPERTIES ('table_type' = 'DELTA')
