package settings

import (
	"bytes"
	"io"
	"maps"
	"os"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/mainland"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// Policy makes the rules' policy from the settings.
func (s *Settings) Policy() (*detect.Policy, error) {
	policy := detect.DefaultPolicy()
	policy.MaxFilingAge = s.MaxFilingAge
	policy.Grace = s.Grace
	policy.VantageMainland = s.Vantage.Mainland
	for province, custom := range s.Suffix {
		policy.Suffix[province] = detect.Suffix(custom)
	}
	if len(s.Fingerprints) > 0 {
		kinds, err := policy.Kinds.With(s.Fingerprints)
		if err != nil {
			return nil, Usage("配置 fingerprints：%v", "config, fingerprints: %v", err)
		}
		policy.Kinds = kinds
	}
	networks, err := s.networks()
	if err != nil {
		return nil, err
	}
	policy.Networks = networks
	policy.Render, policy.Pages = detect.Render(s.Render), s.Pages
	if err := detect.CheckRectify(s.Rectify, rules.All); err != nil {
		return nil, Usage("配置 rectify：%v", "config, rectify: %v", err)
	}
	maps.Copy(policy.Rectify, s.Rectify)
	if err := s.phones(policy); err != nil {
		return nil, err
	}
	if err := s.lists(policy); err != nil {
		return nil, err
	}
	return policy, nil
}

// networks says where addresses are: the embedded data, --mainland-net and
// the user's file.
func (s *Settings) networks() (*mainland.Networks, error) {
	nets, err := prefixes("mainland-net", s.MainlandNet)
	if err != nil {
		return nil, err
	}
	var user io.Reader
	if s.MainlandFile != "" {
		data, err := os.ReadFile(s.MainlandFile)
		if err != nil {
			return nil, message.Errorf("读取 --mainland-file：%w", "reading --mainland-file: %w", err)
		}
		user = bytes.NewReader(data)
	}
	networks, err := mainland.New(nets, user)
	if err != nil {
		return nil, Usage("--mainland-file %s：%v", "--mainland-file %s: %v", s.MainlandFile, err)
	}
	return networks, nil
}
