-- Distributes the tables of an empty, migrated database (docs/scaling.md). Patient tables lie beside each other, locators by
-- their own id. Run once by an operator; the service asks the same questions before and after.

select create_distributed_table('shelf_packet', 'patient');

select create_distributed_table(name, 'patient', colocate_with => 'shelf_packet')
from unnest(array[
    'patient_number', 'link', 'past_link', 'submission_set', 'folder', 'association', 'content_place', 'content', 'record',
    'trail', 'trail_anchor', 'outbox', 'app_grant', 'spendable', 'subscription', 'remark', 'visit', 'follow_up_pending'
]) as name;

select create_distributed_table(name, id, colocate_with => 'none')
from (values
    ('patient_locator', 'value'), ('unique_locator', 'unique_id'), ('entry_locator', 'uuid'), ('set_locator', 'unique_id'),
    ('folder_locator', 'unique_id'), ('object_locator', 'uuid'), ('follow_up_locator', 'organisation'),
    ('telling_locator', 'who'), ('grant_locator', 'grant_id'), ('giver_locator', 'giver'), ('spendable_locator', 'digest'),
    ('subscription_locator', 'id'), ('subscriber_locator', 'subscriber'), ('organisation_event', 'organisation'),
    ('work', 'organisation'), ('work_read', 'reader'), ('session', 'id'), ('handle', 'session')
) as locator (name, id);
