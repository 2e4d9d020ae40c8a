# SPDX-License-Identifier: Apache-2.0
# Where things go on a machine, and the .deb packages: fenghuo-hub (daemon, operator's tools, unit),
# fenghuo (people's command line), libfenghuo-dev (client library). Programs and libraries install
# themselves by fenghuo_program and in clients/cpp; their component decides the package.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fenghuo)
set(CPACK_PACKAGE_VENDOR Fenghuo)
set(CPACK_PACKAGE_CONTACT "Fenghuo maintainers <ops@example.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "real-time messaging hub for emergency command centers")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL hub client dev)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)

set(CPACK_DEBIAN_HUB_PACKAGE_NAME fenghuo-hub)
# shlibdeps sees libraries only: zone data and roots of trust are named here.
set(CPACK_DEBIAN_HUB_PACKAGE_DEPENDS "tzdata, ca-certificates, systemd")
set(CPACK_DEBIAN_HUB_PACKAGE_CONTROL_EXTRA
    ${PROJECT_SOURCE_DIR}/deploy/debian/postinst
    ${PROJECT_SOURCE_DIR}/deploy/debian/prerm
    ${PROJECT_SOURCE_DIR}/deploy/debian/conffiles)
set(CPACK_DEBIAN_HUB_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_CLIENT_PACKAGE_NAME fenghuo)
set(CPACK_DEBIAN_CLIENT_PACKAGE_DEPENDS ca-certificates)

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libfenghuo-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libboost1.81-dev, libprotobuf-dev, libssl-dev")

include(CPack)
