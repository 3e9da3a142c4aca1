# A small internet on loopback for scripts of this folder; to be sourced.
#
#   make_internet LAB NAMES INVENTORY
#
# begins nsd and nginx with names stack00001.cn and on, and writes their inventory. Every fourth name shows its number, the next
# one shows it by a script, the third lacks it, the fourth does not exist. It sets dns and http, the ports, and pids[nsd] and
# pids[nginx], which the caller ends; their logs are LAB.nsd and LAB.nginx.

free_port() { # one that nobody listens on
  local p; while :; do p=$((20000 + RANDOM % 20000)); (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo $p; return; }; done
}

make_internet() {
  local lab=$1 names=$2 inventory=$3 i name kind foot body
  mkdir -p "$lab"
  dns=$(free_port) http=$(free_port)
  { echo "\$ORIGIN cn."; echo "@ 60 SOA ns h 1 3600 600 86400 60"; echo "@ NS ns"; echo "ns A 127.0.0.1"; } >"$lab/cn.zone"
  echo "domain,filing_status,filing_number,owner" >"$inventory"
  for i in $(seq "$names"); do
    name=$(printf 'stack%05d' "$i")
    echo "$name.cn,filed,京ICP备20000001号-1,门户组" >>"$inventory"
    case $((i % 4)) in 0) kind=shown ;; 1) kind=script ;; 2) kind=lacks ;; 3) continue ;; esac
    echo "$name A 127.7.$((i % 8)).$([ $kind = shown ] && echo 1 || { [ $kind = script ] && echo 2 || echo 3; })" >>"$lab/cn.zone"
    echo "www.$name CNAME $name.cn." >>"$lab/cn.zone"
  done
  printf 'server:\n  ip-address: 127.0.0.1@%s\n  zonesdir: "%s"\n  username: ""\n  pidfile: ""\n  database: ""\n  xfrdfile: ""\n  zonelistfile: "%s/zones"\n  xfrdir: "%s"\n  rrl-ratelimit: 0\nremote-control:\n  control-enable: no\nzone:\n  name: cn\n  zonefile: cn.zone\n' \
    "$dns" "$lab" "$lab" "$lab" >"$lab/nsd.conf"
  foot='<footer><a href="https://beian.miit.gov.cn/">京ICP备20000001号-1</a></footer>'
  body='<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>门户</title></head><body><h1>门户</h1><p>这里是一家单位的网站，介绍单位的概况、新闻和联系方式，供公众查阅。</p>'
  {
    echo "daemon off; pid $lab/nginx.pid; error_log $lab/error.log; events {}"
    echo "http { access_log off; default_type text/html; charset utf-8; client_body_temp_path $lab/t1; proxy_temp_path $lab/t2; fastcgi_temp_path $lab/t3; uwsgi_temp_path $lab/t4; scgi_temp_path $lab/t5;"
    for kind in 1 2 3; do
      echo "server {"
      for i in $(seq 0 7); do echo "listen 127.7.$i.$kind:$http;"; done
      case $kind in
        1) echo "location / { return 200 '$body$foot</body></html>'; }" ;;
        2) echo "location / { return 200 '$body<div id=\"foot\"></div><script src=\"/foot.js\"></script></body></html>'; }"
          echo "location = /foot.js { types {} default_type text/javascript; return 200 'document.getElementById(\"foot\").innerHTML = \`$foot\`;'; }" ;;
        3) echo "location / { return 200 '$body<footer><p>版权所有 某单位 地址：某市某路 1 号</p></footer></body></html>'; }" ;;
      esac
      echo "}"
    done
    echo "}"
  } >"$lab/nginx.conf"
  nsd -d -c "$lab/nsd.conf" >"$lab.nsd" 2>&1 & pids[nsd]=$!
  nginx -c "$lab/nginx.conf" >"$lab.nginx" 2>&1 & pids[nginx]=$!
}

# internet_settings INVENTORY prints the settings by which a program visits it.
internet_settings() {
  cat <<END
resolver: ["127.0.0.1:$dns"]
allow-net: [127.0.0.0/8]
mainland-net: [127.0.0.0/8]
map-port: ["80:$http"]
confirm: [1s, 2s]
timeout: 5s
per-ip-rate: 0
control: [stack00004.cn]
calendar:
  - {name: yearly, cron: "CRON_TZ=Asia/Shanghai 0 2 1 1 *", inventory: $1}
END
}
