"""Records in the formats that others read: Open Referral, schema.org, 360Giving."""
