-- Each message about a visit is a row; the last one counts, and one that is cancelled is none.
with visits as (
  select * from {{ source('adt', 'visits') }}
  qualify row_number() over (partition by visit_id order by message_no desc) = 1
)
select v.visit_id as encounter_id, v.patient_no, p.age_band, v.ward, v.department, v.severity, d.code as main_diagnosis,
  v.admitted_at::date as admitted_on, v.discharged_at::date as discharged_on
from visits as v
join {{ source('adt', 'patients') }} as p on p.patient_no = v.patient_no
left join {{ ref('main_diagnosis') }} as d on d.visit_id = v.visit_id
where not v.cancelled
