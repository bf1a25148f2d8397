{{ config(materialized='incremental', incremental_strategy='append', unique_key='id') }}
select id, patient, admitted, ward from {{ ref('encounter') }}
{% if is_incremental() %} where admitted > (select max(admitted) from {{ this }}) - 3 {% endif %}
