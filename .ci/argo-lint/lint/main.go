// What "argo lint --offline FILE..." does, without the rest of the Argo CLI: its storage drivers and its
// web page take longer to build than all our tests to run.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/argoproj/argo-workflows/v4/cmd/argo/commands/client"
	"github.com/argoproj/argo-workflows/v4/cmd/argo/lint"
	"github.com/argoproj/argo-workflows/v4/pkg/apis/workflow"
)

func main() {
	client.Offline = true
	client.OfflineFiles = os.Args[1:]
	ctx, api, err := client.NewAPIClient(context.Background())
	if err == nil {
		kinds := []string{
			workflow.WorkflowPlural, workflow.WorkflowTemplatePlural,
			workflow.CronWorkflowPlural, workflow.ClusterWorkflowTemplatePlural,
		}
		options := lint.LintOptions{Files: os.Args[1:], Strict: true, Printer: os.Stdout}
		err = lint.RunLint(ctx, api, kinds, "simple", true, options)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
