# Creates a server with fog-openstack, and deletes it when told to.
require 'json'
require 'fog/openstack'

begin
  connection = {}
  connection[:headers] = { 'Task-tag' => ENV['TASK_TAG'] } if ENV['TASK_TAG']
  connection[:read_timeout] = ENV['CLIENT_TIMEOUT'].to_i if ENV['CLIENT_TIMEOUT']
  compute = Fog::OpenStack::Compute.new(
    openstack_auth_url: ENV['OS_AUTH_URL'].delete_suffix('/v3'), openstack_region: ENV['OS_REGION_NAME'],
    openstack_username: ENV['OS_USERNAME'], openstack_api_key: ENV['OS_PASSWORD'],
    openstack_project_name: ENV['OS_PROJECT_NAME'], openstack_domain_id: 'default',
    connection_options: connection
  )
  server = compute.servers.create(name: ENV['SERVER_NAME'], image_ref: ENV['IMAGE'], flavor_ref: ENV['FLAVOR'])
  puts JSON.generate(server: server.id)
  $stdout.flush
  if $stdin.gets
    server.destroy
    puts JSON.generate(deleted: server.id)
  end
rescue StandardError => e
  puts JSON.generate(error: e.class.name, message: e.message.to_s.byteslice(0, 300).scrub)
  exit 1
end
