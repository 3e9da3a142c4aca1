package settings

// checkOIDC finds what is wrong with these settings.
func (s *Settings) checkOIDC() error {
	if !s.OIDC.Set() {
		return nil
	}
	if err := s.OIDC.Check(); err != nil {
		return Usage("配置 oidc：%v", "config, oidc: %v", err)
	}
	return nil
}
