"""Commands of the openstack client for the Task API of Tasktag."""
