select bed from {{ ref('minutes_dbt') }}
