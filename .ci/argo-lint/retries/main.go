// Asks Argo's own evaluator whether a template's retryStrategy tries again after each way to end.
//
// Usage: retries TEMPLATE_FILE
package main

import (
	"fmt"
	"os"

	"sigs.k8s.io/yaml"

	"github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/util/expr/argoexpr"
	"github.com/argoproj/argo-workflows/v4/util/expr/env"
)

type ending struct {
	again    bool
	exitCode string
	message  string
}

// Messages as the controller of Argo 4 and the kubelet of Kubernetes 1.35 word them
var endings = []ending{
	{true, "-1", "pod deleted"},
	{true, "143", "main: Error (exit code 143)"},
	{true, "137", "main: Error (exit code 137)"},
	{true, "-1", "pod failed: neither main nor wait container completed successfully"},
	{true, "137", "The node was low on resource: memory. Threshold quantity: 100Mi, available: 90Mi. "},
	{true, "-1", "The node had condition: [DiskPressure]. "},
	{true, "143", "Pod was terminated in response to imminent node shutdown."},
	{true, "-1", "Pod was rejected: Node is shutting down"},
	{true, "-1", "Preempted in order to admit critical pod"},
	{false, "1", "main: Error (exit code 1): the job says that a pod deleted its file"},
	{false, "2", "main: Error (exit code 2)"},
	{false, "130", "main: Error (exit code 130)"},
	{false, "137", "main: OOMKilled (exit code 137)"},
	{false, "143", "Pod was active on the node longer than the specified deadline"},
	{false, "137", "Usage of EmptyDir volume \"tmp\" exceeds the limit \"5Gi\". "},
	{false, "-1", "Pod failed before main container starts due to ErrImagePull: not found"},
	{false, "0", "wait: Error (exit code 64): failed to save logs: AccessDenied"},
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var manifest v1alpha1.ClusterWorkflowTemplate
	if err := yaml.UnmarshalStrict(text, &manifest); err != nil {
		panic(err)
	}
	wrong := 0
	for _, template := range manifest.Spec.Templates {
		for _, e := range endings {
			scope := env.GetFuncMap(map[string]interface{}{
				"lastRetry.exitCode": e.exitCode,
				"lastRetry.message":  e.message,
				"lastRetry.status":   "Failed",
				"lastRetry.duration": "10",
				"retries":            "0",
			})
			again, err := argoexpr.EvalBool(template.RetryStrategy.Expression, scope)
			if err != nil || again != e.again {
				wrong++
				fmt.Printf("%s: after %q it tries again: %v, which is wrong (%v)\n", template.Name, e.message, again, err)
			}
		}
	}
	fmt.Printf("%d endings of %d templates, %d judged wrong\n", len(endings), len(manifest.Spec.Templates), wrong)
	if wrong > 0 {
		os.Exit(1)
	}
}
