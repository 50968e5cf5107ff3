// Asks Argo's own code what a workflow's podSpecPatch makes of the pods of each template: they keep the
// variables that they have, and get those of the workflow, by reference.
//
// Usage: patches TEMPLATE_FILE WORKFLOW_FILE NAME=SECRET/KEY...
package main

import (
	"fmt"
	"os"
	"regexp"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/workflow/util"
)

func read(file string, into interface{}) {
	text, err := os.ReadFile(file)
	if err == nil {
		err = yaml.UnmarshalStrict(text, into)
	}
	if err != nil {
		panic(err)
	}
}

// What Argo puts in for a parameter or an expression; a number fits each place of the templates
var substitution = regexp.MustCompile(`\{\{.*?\}\}`)

func main() {
	var templates v1alpha1.ClusterWorkflowTemplate
	var workflow v1alpha1.Workflow
	read(os.Args[1], &templates)
	read(os.Args[2], &workflow)
	if workflow.Spec.PodSpecPatch == "" {
		fmt.Println("The workflow has no podSpecPatch")
		os.Exit(1)
	}
	wrong := 0
	for _, template := range templates.Spec.Templates {
		container := *template.Container
		container.Name = "main"
		pod, err := util.ApplyPodSpecPatch(
			corev1.PodSpec{Containers: []corev1.Container{{Name: "wait"}, container}},
			workflow.Spec.PodSpecPatch,
			substitution.ReplaceAllString(template.PodSpecPatch, "1"))
		if err != nil {
			panic(err)
		}
		found := map[string]string{}
		for _, each := range pod.Containers {
			for _, variable := range each.Env {
				found[each.Name+"/"+variable.Name] = "plain"
				if variable.ValueFrom != nil && variable.ValueFrom.SecretKeyRef != nil {
					reference := variable.ValueFrom.SecretKeyRef
					found[each.Name+"/"+variable.Name] = reference.Name + "/" + reference.Key
				}
			}
		}
		expected := map[string]string{}
		for _, variable := range template.Container.Env {
			expected["main/"+variable.Name] = "plain"
		}
		for _, argument := range os.Args[3:] {
			parts := regexp.MustCompile("=").Split(argument, 2)
			expected["main/"+parts[0]] = parts[1]
		}
		if fmt.Sprint(found) != fmt.Sprint(expected) {
			wrong++
			fmt.Printf("%s: has %v instead of %v\n", template.Name, found, expected)
		}
	}
	fmt.Printf("the pods of %d templates, %d wrong\n", len(templates.Spec.Templates), wrong)
	if wrong > 0 {
		os.Exit(1)
	}
}
