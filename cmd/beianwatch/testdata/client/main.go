// The client begins a run by the code that a generator made of the API's description, waits
// for it, and prints the domains with violations. Arguments: address, inventory.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"client/api"
)

func main() {
	ctx := context.Background()
	c, err := api.NewClientWithResponses(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	key := "generated-client"
	begun, err := c.BeginRunWithResponse(ctx, &api.BeginRunParams{IdempotencyKey: &key}, api.BeginRunJSONRequestBody{Inventory: os.Args[2]})
	if err != nil || begun.JSON202 == nil {
		log.Fatal(err, string(begun.Body))
	}
	for begun.JSON202.State != "done" {
		time.Sleep(200 * time.Millisecond)
		r, err := c.GetRunWithResponse(ctx, begun.JSON202.Id, nil)
		if err != nil || r.JSON200 == nil || r.JSON200.State == "failed" {
			log.Fatal(err, string(r.Body))
		}
		begun.JSON202 = r.JSON200
	}
	status := api.ListDomainsParamsStatus("violation")
	list, err := c.ListDomainsWithResponse(ctx, begun.JSON202.Id, &api.ListDomainsParams{Status: &status})
	if err != nil || list.JSON200 == nil {
		log.Fatal(err, string(list.Body))
	}
	for _, d := range list.JSON200.Items {
		fmt.Println(d.Domain, d.Rules)
	}
}
