{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id',
    post_hook='alter table {{ this }} set change_tracking = true') }}
select id, patient, admitted, ward from {{ ref('encounter') }}
{% if is_incremental() %} where admitted > (select max(admitted) from {{ this }}) - 3 {% endif %}
