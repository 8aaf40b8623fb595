// Creates a server with gophercloud, and deletes it when told to.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/servers"
)

func say(key, value string) {
	line, _ := json.Marshal(map[string]string{key: value})
	fmt.Println(string(line))
}

func check(err error) {
	if err == nil {
		return
	}
	name := strings.TrimPrefix(fmt.Sprintf("%T", err), "gophercloud.")
	var broken *url.Error
	if errors.As(err, &broken) && broken.Timeout() {
		name = "*url.Error (timeout)"
	}
	say("error", name)
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func main() {
	options := gophercloud.AuthOptions{
		IdentityEndpoint: os.Getenv("OS_AUTH_URL"), DomainID: "default", TenantName: os.Getenv("OS_PROJECT_NAME"),
		Username: os.Getenv("OS_USERNAME"), Password: os.Getenv("OS_PASSWORD"),
	}
	provider, err := openstack.AuthenticatedClient(options)
	check(err)
	if seconds, err := strconv.Atoi(os.Getenv("CLIENT_TIMEOUT")); err == nil {
		provider.HTTPClient.Timeout = time.Duration(seconds) * time.Second
	}
	compute, err := openstack.NewComputeV2(provider, gophercloud.EndpointOpts{Region: os.Getenv("OS_REGION_NAME")})
	check(err)
	if tag := os.Getenv("TASK_TAG"); tag != "" {
		compute.MoreHeaders = map[string]string{"Task-tag": tag}
	}
	create := servers.CreateOpts{Name: os.Getenv("SERVER_NAME"), ImageRef: os.Getenv("IMAGE"), FlavorRef: os.Getenv("FLAVOR")}
	server, err := servers.Create(compute, create).Extract()
	check(err)
	say("server", server.ID)
	if bufio.NewScanner(os.Stdin).Scan() {
		check(servers.Delete(compute, server.ID).ExtractErr())
		say("deleted", server.ID)
	}
}
