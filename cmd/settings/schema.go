package settings

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"
)

// SchemaDraft is the JSON Schema draft that [Schema] is written in.
const SchemaDraft = "https://json-schema.org/draft/2020-12/schema"

// enums are the words of settings that take no others.
var enums = map[string][]any{
	"lang": {"zh", "en"}, "render": {"auto", "always", "never"}, "evidence": {"none", "findings", "all"}, "dns-client": {"fast", "plain"},
	"reports": {ReportsAll, ReportsNone}, "fail-on": {"violation", "warning", "notice", FailNever}, "progress": {ProgressAuto, ProgressJSON, ProgressNone},
}

// Schema is the JSON Schema of the config file, with texts in lang. Editors check
// and complete the file by it.
func Schema(lang string) ([]byte, error) {
	root := objectSchema(reflect.TypeFor[Settings]())
	root["$schema"], root["title"] = SchemaDraft, "beianwatch.yaml"
	properties := root["properties"].(map[string]any)
	for _, k := range ConfigKeys(lang) {
		p := properties[k.Name].(map[string]any)
		p["description"] = k.Text
		if words, ok := enums[k.Name]; ok {
			p["enum"] = words
		}
	}
	return json.MarshalIndent(root, "", "  ")
}

// objectSchema is that of a struct by its YAML keys.
func objectSchema(t reflect.Type) map[string]any {
	properties := map[string]any{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "" && f.IsExported() {
			name = strings.ToLower(f.Name) // as the YAML library does
		}
		if name != "-" && f.IsExported() {
			properties[name] = typeSchema(f.Type)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

func typeSchema(t reflect.Type) map[string]any {
	switch t {
	case reflect.TypeFor[time.Duration]():
		return map[string]any{"type": "string", "pattern": `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$|^0$`}
	case reflect.TypeFor[Confirmation]():
		return map[string]any{"anyOf": []any{map[string]any{"type": "string"}, map[string]any{"type": "array", "items": map[string]any{"type": "string"}}}}
	case reflect.TypeFor[Vantage]():
		return map[string]any{"anyOf": []any{map[string]any{"type": "string"}, objectSchema(t)}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeSchema(t.Elem())
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Int32:
		return map[string]any{"type": "integer"}
	case reflect.Uint, reflect.Uint64, reflect.Uint32, reflect.Uint16, reflect.Uint8:
		return map[string]any{"type": "integer", "minimum": 0}
	case reflect.Float64, reflect.Float32:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": typeSchema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": typeSchema(t.Elem())}
	case reflect.Struct:
		return objectSchema(t)
	}
	return map[string]any{"type": "string"}
}
