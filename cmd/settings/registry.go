package settings

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/registration"
)

// whoisPort is the port of WHOIS (RFC 3912).
const whoisPort = 43

// BindRegistry binds the flags of every command that may ask registries.
func (s *Settings) BindRegistry(fs *pflag.FlagSet) {
	fs.BoolVar(&s.WHOIS, "whois", s.WHOIS, s.tr("向 WHOIS 和 RDAP 查询域名的持有者、注册商和有效期（较慢；结果会保留）", "ask WHOIS and RDAP who holds a domain, through which registrar and until when (slowly; answers are kept)"))
	fs.StringArrayVar(&s.WHOISServers, "whois-server", s.WHOISServers, s.tr("WHOIS 服务器，写作 [后缀=]主机:端口（可重复；不写后缀即用于 .cn 等）", "WHOIS server as [SUFFIX=]HOST:PORT (repeatable; without a suffix: for .cn and the like)"))
	fs.StringVar(&s.RDAPServer, "rdap-server", s.RDAPServer, s.tr("其他域名的 RDAP 服务器网址（默认按 IANA 的列表）", "URL of the RDAP server for all other names (default: by IANA's list)"))
}

// WHOISServerMap reads --whois-server: suffix → server, with the defaults for a
// server without a suffix.
func (s *Settings) WHOISServerMap() (map[string]string, error) {
	servers := map[string]string{}
	for _, given := range s.WHOISServers {
		suffix, server, named := strings.Cut(given, "=")
		if !named {
			suffix, server = "", given
		}
		if _, _, err := net.SplitHostPort(server); err != nil {
			return nil, Usage("--whois-server %q：请写 [后缀=]主机:端口，例如 whois.cnnic.cn:43", "--whois-server %q: give [SUFFIX=]HOST:PORT, for example whois.cnnic.cn:43", given)
		}
		if !named {
			for _, own := range registration.WHOISSuffixes() {
				servers[own] = server
			}
			continue
		}
		label, err := dns.Name(strings.TrimPrefix(suffix, "."))
		if err != nil {
			return nil, Usage("--whois-server %q：%v；请写 [后缀=]主机:端口，例如 cn=whois.cnnic.cn:43", "--whois-server %q: %v; give [SUFFIX=]HOST:PORT, for example cn=whois.cnnic.cn:43", given, err)
		}
		servers[label] = server
	}
	return servers, nil
}

// RegistryGuard is a guard that lets registries be dialled: like the one for
// sites, with the ports of the servers that the settings name.
func (s *Settings) RegistryGuard(servers map[string]string) (*guard.Guard, error) {
	allow, err := prefixes("allow-net", s.AllowNet)
	if err != nil {
		return nil, err
	}
	ports := []uint16{whoisPort}
	add := func(what, port string) error {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return Usage("%s：端口 %q 无效；须为 1 至 65535", "%s: port %q is none; give a number from 1 to 65535", what, port)
		}
		ports = append(ports, uint16(n))
		return nil
	}
	for _, server := range servers {
		if _, port, err := net.SplitHostPort(server); err == nil {
			if err := add("--whois-server "+server, port); err != nil {
				return nil, err
			}
		}
	}
	if s.RDAPServer != "" {
		u, err := url.Parse(s.RDAPServer)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, Usage("--rdap-server %q：请写网址，例如 https://rdap.example.com/", "--rdap-server %q: give a URL such as https://rdap.example.com/", s.RDAPServer)
		}
		if port := u.Port(); port != "" {
			if err := add("--rdap-server "+s.RDAPServer, port); err != nil {
				return nil, err
			}
		}
	}
	return guard.New(allow, nil, ports...), nil
}
