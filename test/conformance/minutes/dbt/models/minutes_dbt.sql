select
    b.case_id,
    b.bed,
    p.predicted_los,
from {{ ref('beds') }} as b
join {{ source('los', 'los_predictions') }} as p on p.case_id = b.case_id
